namespace Likeness.Xmpp.Sasl;

/// <summary>What a SCRAM server keeps of a password (RFC 5802 §3): salt, iteration count and the two keys.</summary>
public sealed record ScramCredentials(byte[] Salt, int Iterations, byte[] StoredKey, byte[] ServerKey);

/// <summary>Finds the credentials of a user by the normalised localpart; null: no such user, or none that may log in.</summary>
public delegate ValueTask<ScramCredentials?> ScramCredentialSource(string user, ScramHash hash, CancellationToken cancellationToken);
