namespace Likeness.Stores;

/// <summary>What accounts ask for beside the password. It goes with the account, and stays with another password.</summary>
public interface ISecondFactorStore
{
    /// <summary>Null: the password is enough.</summary>
    ValueTask<SecondFactor?> Find(Identity account, CancellationToken cancellationToken = default);

    /// <summary>Asks for a second factor from now on, in place of what was asked for before; the sessions on the pages go, which got in by less (<see cref="IWebSessionStore"/>). Refused with <see cref="AccountGoneException"/> when the account is not there.</summary>
    /// <param name="recovery">SHA-256 of each recovery code.</param>
    /// <param name="said">Goes into the log with it.</param>
    ValueTask Set(SecondFactor factor, IReadOnlyList<byte[]> recovery, AuditEntry said, CancellationToken cancellationToken = default);

    /// <summary>Other recovery codes in place of those there are. False: no second factor is asked for.</summary>
    ValueTask<bool> SetRecovery(Identity account, IReadOnlyList<byte[]> recovery, CancellationToken cancellationToken = default);

    /// <summary>Uses up the code of a step, and of all before. False: it was used up already, or the account has another authenticator meanwhile.</summary>
    /// <param name="secret">As it is kept from now on.</param>
    ValueTask<bool> UseStep(SecondFactor found, long step, byte[] secret, CancellationToken cancellationToken = default);

    /// <summary>Uses up a recovery code. False: there is none like it.</summary>
    /// <param name="said">Goes into the log with it.</param>
    ValueTask<bool> UseRecovery(Identity account, byte[] hash, AuditEntry said, CancellationToken cancellationToken = default);

    /// <summary>False: none was asked for.</summary>
    /// <param name="said">Goes into the log with it.</param>
    ValueTask<bool> Remove(Identity account, AuditEntry said, CancellationToken cancellationToken = default);
}

/// <summary>An authenticator that an account is tied to (RFC 6238).</summary>
/// <param name="Secret">That both know, sealed; 20 bytes as they are in rows of before.</param>
/// <param name="Step">The last one of which a code was used.</param>
/// <param name="CodesLeft">Recovery codes that were not used.</param>
public sealed record SecondFactor(Identity Account, byte[] Secret, DateTimeOffset Since, long Step, int CodesLeft = 0);
