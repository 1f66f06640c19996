using System.Security.Cryptography;
using System.Text;
using Likeness.Libravatar;
using Likeness.Stores;
using Likeness.Xmpp;

namespace Likeness.Accounts;

/// <summary>Who may open an account.</summary>
public enum Registration
{
    /// <summary>Whoever has an invitation.</summary>
    Invitation,

    /// <summary>Anybody.</summary>
    Open,

    /// <summary>Only the operator opens accounts.</summary>
    Closed,
}

/// <summary>What an invitation is to be good for.</summary>
/// <param name="Name">The name of the account; null: it is chosen.</param>
/// <param name="Inviter">Who becomes a contact.</param>
/// <param name="By">Who makes it.</param>
public sealed record InvitationWish(string Domain, string? Name, Identity? Inviter, bool ForContact, bool OpensAccount, string By)
{
    public TimeSpan Lifetime { get; init; } = InvitationBook.DefaultLifetime;
}

/// <summary>Invitations: each is good once and for some days, and known by a text that nobody can guess.</summary>
public sealed class InvitationBook(IStores stores, AddressBook addresses, TimeProvider time)
{
    public const int MaxDays = 90;
    private const int MaxByInviter = 20;
    private const int Max = 10_000;
    public static readonly TimeSpan DefaultLifetime = TimeSpan.FromDays(7);

    // Whoever was let in with one that has expired meanwhile may still finish.
    private static readonly TimeSpan KeptExpired = TimeSpan.FromHours(1);

    /// <summary>Makes one; the text is known to the caller alone, this once.</summary>
    /// <exception cref="AccountRefusedException">The name cannot be had, or there are too many.</exception>
    public async ValueTask<(Invitation Invitation, string Token)> Create(InvitationWish wish, CancellationToken cancellationToken = default)
    {
        var now = time.GetUtcNow();
        var name = wish.Name is null ? null : await FreeName(wish.Name, wish.Domain, now, cancellationToken);
        var token = InvitationToken.Create();
        var hash = InvitationToken.HashOf(token);
        var invitation = new Invitation(InvitationToken.IdOf(hash), wish.Domain, name, wish.Inviter, wish.ForContact, wish.OpensAccount, wish.By, now, now + wish.Lifetime);
        await stores.Invitations.Prune(now - KeptExpired, cancellationToken);
        return await stores.Invitations.Add(invitation, hash, MaxByInviter, Max, cancellationToken)
            ? (invitation, token)
            : throw new AccountRefusedException(AccountRefusal.TooMany, wish.Inviter is null
                ? $"There are {Max} invitations that were not used yet."
                : $"At most {MaxByInviter} invitations of one person wait to be used.");
    }

    /// <summary>The invitation, as long as it is good.</summary>
    public async ValueTask<Invitation?> Find(string token, CancellationToken cancellationToken = default) =>
        InvitationToken.IsOne(token) ? await Find(InvitationToken.HashOf(token), cancellationToken) : null;

    /// <inheritdoc cref="Find(string, CancellationToken)"/>
    /// <param name="hash">Of its text.</param>
    public async ValueTask<Invitation?> Find(byte[] hash, CancellationToken cancellationToken = default) =>
        await stores.Invitations.Find(hash, cancellationToken) is { } found && found.Expires > time.GetUtcNow() ? found : null;

    /// <summary>Those that are good.</summary>
    public async ValueTask<IReadOnlyList<Invitation>> List(CancellationToken cancellationToken = default) =>
        [.. (await stores.Invitations.List(cancellationToken)).Where(invitation => invitation.Expires > time.GetUtcNow())];

    /// <summary>False: it is not there any more.</summary>
    public ValueTask<bool> TakeBack(string id, CancellationToken cancellationToken = default) => stores.Invitations.Remove(id, cancellationToken);

    /// <summary>Uses up an invitation to become a contact of its inviter. False: it is none.</summary>
    public async ValueTask<bool> Befriend(Identity inviter, string token, CancellationToken cancellationToken = default) =>
        await Find(token, cancellationToken) is { } found && found.Inviter == inviter && await stores.Invitations.Remove(found.Id, cancellationToken);

    private async ValueTask<string> FreeName(string text, string domain, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (!Jid.TryParse($"{text}@{domain}", out var jid) || jid.Local is not { } name || !jid.IsBare || jid.Domain != domain)
        {
            throw new AccountRefusedException(AccountRefusal.Name, $"'{text}' is no valid user name.");
        }

        if (await stores.Accounts.Find(new Identity(jid.Text), cancellationToken) is not null
            || await addresses.Find(Address.Email(jid.Text), cancellationToken) is not null
            || await stores.Invitations.Reserves(domain, name, except: null, now, cancellationToken))
        {
            throw new AccountRefusedException(AccountRefusal.Taken, $"{jid.Text} is taken, or kept for somebody who is invited.");
        }

        return name;
    }
}

/// <summary>The text by which an invitation is used: letters and digits, since it is part of addresses.</summary>
public static class InvitationToken
{
    private const int Length = 24;
    private const string Alphabet = "abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";

    public static string Create() => RandomNumberGenerator.GetString(Alphabet, Length);

    public static bool IsOne(string text) => text.Length == Length && text.All(char.IsAsciiLetterOrDigit);

    public static byte[] HashOf(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));

    public static string IdOf(byte[] hash) => Convert.ToHexStringLower(hash.AsSpan(0, 6));
}

/// <summary>How an invitation is handed over.</summary>
/// <param name="web">Where the web side is reached from outside; null: there is no page.</param>
public sealed class InvitationLinks(Uri? web)
{
    /// <summary>What chat programs open (XEP-0401 §5.1, XEP-0445 §2).</summary>
    public static string Chat(Invitation invitation, string token) => invitation is { ForContact: true, Inviter: { } inviter }
        ? $"xmpp:{Escaped(inviter.Value)}?roster;preauth={token}{(invitation.OpensAccount ? ";ibr=y" : "")}"
        : $"xmpp:{(invitation.Name is { } name ? Escaped($"{name}@{invitation.Domain}") : invitation.Domain)}?register;preauth={token}";

    /// <summary>The page that says what to do; null: none.</summary>
    public Uri? Page(string token) => web is null ? null : new Uri($"{web.AbsoluteUri.TrimEnd('/')}/invite/{token}");

    private static string Escaped(string address) => Uri.EscapeDataString(address).Replace("%40", "@", StringComparison.Ordinal);
}
