using System.Security.Cryptography;
using Likeness.Accounts;
using Likeness.Stores;

namespace Likeness.Web.Visits;

/// <summary>Links by which somebody who forgot the password chooses another, made by who administers and handed over by whatever way. Good once, and for the password that was forgotten.</summary>
internal sealed class ResetLinks(IWebStepStore steps, AccountBook accounts, IAuditStore audit, TimeProvider time)
{
    /// <summary>How long one is good.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(24);

    private const string Kind = "reset link";

    /// <summary>What the link says; null: not now, or there is no such account.</summary>
    /// <param name="by">Who hands it over.</param>
    public async Task<string?> Make(Identity account, Identity by)
    {
        if (await accounts.FindKeys(account) is not { } keys)
        {
            return null;
        }

        var (token, now) = (WebSessionToken.Create(), time.GetUtcNow());
        if (!await steps.Put(new WebStep(WebSessionToken.HashOf(token), Kind, $"{Convert.ToHexString(KeyOf(keys))} {account.Value}", now + Lifetime), CancellationToken.None))
        {
            return null;
        }

        await audit.Write(new AuditEntry(now, by.Value, "user reset link", account.Value), CancellationToken.None);
        return token;
    }

    /// <summary>Whose link it is; null: it is not good, or not any more. Looking uses nothing up.</summary>
    public async Task<Identity?> Find(string token)
    {
        if (await steps.Find(WebSessionToken.HashOf(token), Kind, time.GetUtcNow(), CancellationToken.None) is not { } state)
        {
            return null;
        }

        var at = state.IndexOf(' ', StringComparison.Ordinal);
        var account = new Identity(state[(at + 1)..]);
        return await accounts.FindKeys(account) is not { } keys || Convert.ToHexString(KeyOf(keys)) != state[..at] ? null : account;
    }

    /// <summary>Gives the account another password, and uses up the link with it. False: the link is not good, or not any more.</summary>
    /// <exception cref="AccountRefusedException">The password is none; the link stays good.</exception>
    public async Task<bool> Use(string token, string password)
    {
        if (await Find(token) is not { } account)
        {
            return false;
        }

        var now = time.GetUtcNow();
        var entry = new AuditEntry(now, account.Value, "user passwd", account.Value, Detail: "by a link");
        try
        {
            await accounts.ChangePassword(account, password, chosen: true, [new StoreWrite.UsedStep(WebSessionToken.HashOf(token), Kind, now), new StoreWrite.Audit(entry)], CancellationToken.None);
            return true;
        }
        catch (LinkUsedException)
        {
            return false;
        }
    }

    private static byte[] KeyOf(AccountRecord keys) => SHA256.HashData([.. keys.Sha1?.StoredKey ?? [], .. keys.Sha256?.StoredKey ?? []]);
}
