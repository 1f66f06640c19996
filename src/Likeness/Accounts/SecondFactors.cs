using System.Security.Cryptography;
using System.Text;
using Likeness.Limits;
using Likeness.Stores;

namespace Likeness.Accounts;

/// <summary>
/// What accounts ask for beside the password on the pages: a code of an authenticator, or one of ten that were written down. What the authenticator
/// knows is sealed in the database; with another secret of the installation recovery codes alone are good.
/// </summary>
/// <param name="secret">Of the installation.</param>
public sealed class SecondFactors(ISecondFactorStore stored, byte[] secret, TimeProvider time)
{
    /// <summary>Codes that are looked at for one account; wrong ones count.</summary>
    public static readonly RateLimit PerAccount = new(5, TimeSpan.FromMinutes(15));

    /// <summary>Recovery codes that are written down at once.</summary>
    public const int RecoveryCodes = 10;

    private const int RecoveryBytes = 10;
    private const int MaxAccounts = 100_000;
    private readonly KeyedRateLimiter<Identity> _guesses = new(PerAccount, MaxAccounts, time);
    private readonly SecretBox _box = new(secret, "likeness second factors");

    public ValueTask<SecondFactor?> Find(Identity account, CancellationToken cancellationToken = default) => stored.Find(account, cancellationToken);

    /// <summary>Asks for it from now on, if this is a code of the authenticator, and ends every session on the pages. Null: it is none.</summary>
    /// <returns>The recovery codes, to be shown this once: only hashes are kept.</returns>
    /// <exception cref="AccountRefusedException">Too many were wrong.</exception>
    public async ValueTask<IReadOnlyList<string>?> TurnOn(Identity account, byte[] authenticator, string code, CancellationToken cancellationToken = default)
    {
        Count(account);
        var now = time.GetUtcNow();
        if (OneTimeCodes.StepOf(authenticator, Plain(code), now) is not { } step)
        {
            return null;
        }

        _guesses.Return(account);
        var codes = NewCodes();
        await stored.Set(new SecondFactor(account, Seal(account, authenticator), now, step), Hashes(account, codes), Said(account, account.Value, "second factor on"), cancellationToken);
        return codes;
    }

    /// <summary>Whether this is a code of the account's authenticator or a recovery code; it is used up then.</summary>
    /// <inheritdoc cref="TurnOn"/>
    public async ValueTask<bool> Use(Identity account, string code, CancellationToken cancellationToken = default)
    {
        Count(account);
        var (plain, now) = (Plain(code), time.GetUtcNow());
        if (await stored.Find(account, cancellationToken) is not { } factor)
        {
            return false;
        }

        // Rows of before are as they were told to the authenticator, and sealed when they are used.
        var isPlain = factor.Secret.Length == OneTimeCodes.SecretBytes;
        if ((isPlain ? factor.Secret : Open(account, factor.Secret)) is { } known && OneTimeCodes.StepOf(known, plain, now) is { } step)
        {
            if (!await stored.UseStep(factor, step, isPlain ? Seal(account, known) : factor.Secret, cancellationToken))
            {
                return false;
            }
        }
        else if (!await stored.UseRecovery(account, HashOf(account, plain), Said(account, account.Value, "second factor recovery"), cancellationToken))
        {
            return false;
        }

        _guesses.Return(account);
        return true;
    }

    /// <summary>What an authenticator is told, as it is kept.</summary>
    public byte[] Seal(Identity account, byte[] authenticator) => _box.Seal(authenticator, account.Value);

    /// <summary>What an authenticator was told; null: it was kept for another account, or under another secret.</summary>
    public byte[]? Open(Identity account, byte[] kept) => _box.Open(kept, account.Value);

    /// <summary>Other recovery codes in place of those there are. Null: no second factor is asked for.</summary>
    public async ValueTask<IReadOnlyList<string>?> Renew(Identity account, CancellationToken cancellationToken = default)
    {
        var codes = NewCodes();
        return await stored.SetRecovery(account, Hashes(account, codes), cancellationToken) ? codes : null;
    }

    /// <summary>The password is enough from now on. False: it was.</summary>
    /// <param name="by">Who says so.</param>
    public ValueTask<bool> TurnOff(Identity account, string by, CancellationToken cancellationToken = default) =>
        stored.Remove(account, Said(account, by, "second factor off"), cancellationToken);

    private void Count(Identity account)
    {
        if (_guesses.Take(account) is { Ticks: > 0 } wait)
        {
            throw new AccountRefusedException(AccountRefusal.TooMany, "Too many wrong codes; try again later.") { RetryAfter = wait };
        }
    }

    private AuditEntry Said(Identity account, string by, string action) => new(time.GetUtcNow(), by, action, account.Value);

    private static IReadOnlyList<string> NewCodes() =>
        [.. Enumerable.Range(0, RecoveryCodes).Select(_ => string.Join('-', OneTimeCodes.Text(RandomNumberGenerator.GetBytes(RecoveryBytes)).Chunk(4).Select(part => new string(part))))];

    private static IReadOnlyList<byte[]> Hashes(Identity account, IReadOnlyList<string> codes) => [.. codes.Select(code => HashOf(account, Plain(code)))];

    // 80 random bits: nobody tries them all, however fast the hash is.
    private static byte[] HashOf(Identity account, string plain) => SHA256.HashData(Encoding.UTF8.GetBytes($"{account.Value}\n{plain}"));

    private static string Plain(string code) => new([.. code.Where(character => !char.IsWhiteSpace(character) && character != '-').Take(64).Select(char.ToUpperInvariant)]);
}
