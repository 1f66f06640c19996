using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Likeness.Limits;

namespace Likeness.Accounts;

/// <summary>
/// How often a password may be guessed, by whatever way: counted before it is checked, per client and per account. What
/// strangers use up of an account's attempts is not the owner's: a client from which this account logged in before has
/// attempts of its own. An account that does not exist counts like one that does.
/// </summary>
public sealed class LoginLimits(TimeProvider time)
{
    /// <summary>Wrong passwords from one client, for whatever accounts.</summary>
    public static readonly RateLimit PerClient = new(50, TimeSpan.FromMinutes(15));

    /// <summary>Wrong passwords for one account, from all the clients it never logged in from.</summary>
    public static readonly RateLimit PerAccount = new(10, TimeSpan.FromMinutes(15));

    /// <summary>Wrong passwords for one account from one client it has logged in from: a forgotten device with an old password must not lock out the one beside it.</summary>
    public static readonly RateLimit PerKnownClient = new(50, TimeSpan.FromMinutes(15));

    /// <summary>Clients and accounts that are remembered, each; and pairs of them with a good login. About 130 bytes each.</summary>
    public const int MaxRemembered = 100_000;

    private readonly KeyedRateLimiter<ClientKey> _clients = new(PerClient, MaxRemembered, time);
    private readonly KeyedRateLimiter<UInt128> _accounts = new(PerAccount, MaxRemembered, time);
    private readonly KeyedRateLimiter<(UInt128 Account, ClientKey Client)> _known = new(PerKnownClient, MaxRemembered, time);

    /// <summary>Call before a password is looked at, and do so only when <see cref="LoginAttempt.IsAllowed"/>; tell the attempt when it was right.</summary>
    public LoginAttempt Begin(Identity account, ClientKey client)
    {
        var key = KeyOf(account);
        if (_known.TakeIfKnown((key, client)) is { } known)
        {
            return new LoginAttempt(this, key, client, known, isKnown: true);
        }

        var wait = _clients.Take(client);
        if (wait == TimeSpan.Zero)
        {
            wait = _accounts.Take(key);
            if (wait > TimeSpan.Zero)
            {
                _clients.Return(client);
            }
        }

        return new LoginAttempt(this, key, client, wait, isKnown: false);
    }

    internal void Succeeded(UInt128 account, ClientKey client, bool wasKnown)
    {
        if (!wasKnown)
        {
            _clients.Return(client);
            _accounts.Return(account);
        }

        _known.Remember((account, client));
        _known.Return((account, client));
    }

    // Names are chosen by strangers and may be a thousand bytes long: only a digest is kept.
    private static UInt128 KeyOf(Identity account)
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(account.Value), digest);
        return BinaryPrimitives.ReadUInt128BigEndian(digest);
    }
}

/// <summary>One look at a password.</summary>
public readonly struct LoginAttempt
{
    private readonly LoginLimits? _limits;
    private readonly UInt128 _account;
    private readonly ClientKey _client;
    private readonly bool _isKnown;

    internal LoginAttempt(LoginLimits limits, UInt128 account, ClientKey client, TimeSpan wait, bool isKnown) =>
        (_limits, _account, _client, Wait, _isKnown) = (limits, account, client, wait, isKnown);

    public bool IsAllowed => Wait == TimeSpan.Zero;

    /// <summary>How long until the next attempt is allowed; zero: this one is.</summary>
    public TimeSpan Wait { get; }

    /// <summary>The password was right: the attempt counts no more, and the client is a known one from now on.</summary>
    public void Succeeded() => _limits?.Succeeded(_account, _client, _isKnown);
}
