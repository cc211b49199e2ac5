interface Props {
  /** Tells the ids of two forms apart: "copy" makes "copy-user". */
  readonly prefix: string;
}

/** A server's store: address, user and password, kept nowhere. */
export function ServerFields({ prefix }: Props) {
  return (
    <>
      <label for={`${prefix}-address`}>Address</label>
      <input
        id={`${prefix}-address`}
        name="address"
        class="mono"
        required
        placeholder="mysql://127.0.0.1:3306/skerry"
      />
      <label for={`${prefix}-user`}>User</label>
      <input id={`${prefix}-user`} name="user" autocomplete="off" />
      <PasswordField
        id={`${prefix}-password`}
        name="password"
        label="Password"
      />
    </>
  );
}

/** What is typed here is never filled in again. */
export function PasswordField(
  { id, name, label }: { id: string; name: string; label: string },
) {
  return (
    <>
      <label for={id}>{label}</label>
      <input id={id} name={name} type="password" autocomplete="off" />
    </>
  );
}
