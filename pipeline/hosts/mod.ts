/** What is known of hosts besides what they do: names, devices, organisations. */
export { HOST_LOG_TYPES, HostNames, type Seen } from "./host_names.ts";
export { HOST_COLUMNS, type HostEntry, parseHosts } from "./hosts_file.ts";
export { type Organisations, readOrganisations } from "./organisations.ts";
