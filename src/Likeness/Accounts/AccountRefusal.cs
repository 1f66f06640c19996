using Likeness.Xmpp;

namespace Likeness.Accounts;

/// <summary>Accounts that nobody may open but the operator, such as those who administer: who got such a name could do all they can.</summary>
/// <param name="Accounts">Their bare addresses.</param>
public sealed record ReservedNames(IReadOnlySet<string> Accounts)
{
    /// <summary>Domains whose people have their accounts on another chat server: nobody opens one of the same name here.</summary>
    public IReadOnlySet<string> Domains { get; init; } = new HashSet<string>();

    /// <summary>One sentence for the person; null: the name is nobody's.</summary>
    internal string? FaultIn(Jid jid) =>
        Domains.Contains(jid.Domain) ? $"The accounts of {jid.Domain} are on its chat server." : Accounts.Contains(jid.Text) ? ChosenNames.OfOperators : null;
}

/// <summary>Why an account is not opened, or a password not taken.</summary>
public enum AccountRefusal
{
    /// <summary>The name is none, reserved, or looks like another.</summary>
    Name,

    /// <summary>The name is an account or somebody's address.</summary>
    Taken,

    /// <summary>The password is none, or too easy.</summary>
    Password,

    /// <summary>There is no such account.</summary>
    NoAccount,

    /// <summary>Asked too often.</summary>
    TooMany,

    /// <summary>The invitation is none, was used, or was taken back.</summary>
    Invitation,

    /// <summary>An operator has disabled the account.</summary>
    Disabled,

    /// <summary>The password is on a chat server beside this one, and changed there.</summary>
    Elsewhere,

    /// <summary>The chat server beside this one cannot be asked.</summary>
    Away,
}

/// <summary>An act on an account that is not done; the message is one sentence for whoever asked.</summary>
public sealed class AccountRefusedException(AccountRefusal reason, string message, Exception? inner = null) : Exception(message, inner)
{
    public AccountRefusal Reason { get; } = reason;

    /// <summary>When to come back; null: not by waiting.</summary>
    public TimeSpan? RetryAfter { get; init; }
}
