using System.Collections.Immutable;
using Likeness.Libravatar;
using Likeness.Limits;
using Likeness.Stores;
using Likeness.Xmpp;
using Likeness.Xmpp.Sasl;
using Microsoft.Extensions.Logging;

namespace Likeness.Accounts;

/// <summary>
/// The one door to accounts, for chat, web, REST and command line alike: opened, given another password, checked and closed by
/// the same rules. Each act is one transaction; opening and closing of one name wait for each other.
/// </summary>
public sealed partial class AccountBook(
    IStores stores,
    PortraitBook portraits,
    AddressBook addresses,
    LoginLimits logins,
    PasswordRule passwords,
    TimeProvider time,
    ILogger<AccountBook> log,
    ReservedNames? reserved = null)
{
    /// <summary>Accounts that one client may ask for; names that are taken count, because the answer tells that they are.</summary>
    public static readonly RateLimit OpenedPerClient = new(3, TimeSpan.FromHours(1));

    private const int MaxClients = 10_000;
    private const int Stripes = 64;

    // What somebody without an account is compared with, so that the time does not tell.
    private static readonly AccountRecord Nobody = RecordOf(new Identity("nobody"), Guid.NewGuid().ToString());
    private readonly KeyedRateLimiter<ClientKey> _opened = new(OpenedPerClient, MaxClients, time);
    private readonly SemaphoreSlim[] _gates = [.. Enumerable.Range(0, Stripes).Select(_ => new SemaphoreSlim(1))];
    private readonly AccountKeys _keys = new(stores.Accounts, stores.Changes.IsShared);
    private readonly NewNames _names = new(stores, reserved, time);
    private ImmutableArray<IAccountListener> _listeners = [];

    /// <summary>From now on the listener is told of every account that closes.</summary>
    public void Subscribe(IAccountListener listener) => ImmutableInterlocked.Update(ref _listeners, static (all, one) => all.Add(one), listener);

    /// <summary>The keys to compare a password with; null: no such account. Counting attempts is the caller's: <see cref="LoginLimits.Begin"/>.</summary>
    public ValueTask<AccountRecord?> FindKeys(Identity account, CancellationToken cancellationToken = default) => _keys.Find(account, cancellationToken);

    /// <summary>Somebody opens an account of their own.</summary>
    /// <param name="client">Whose attempts it counts among; null: not counted.</param>
    /// <param name="invited">Hash of the text of an invitation, which is used up then; that it was good when it was shown is enough. Null: without one.</param>
    /// <param name="alongside">What is stored in the same transaction; null: nothing.</param>
    /// <returns>The account.</returns>
    /// <exception cref="AccountRefusedException">Name or password are not to be had, too much was asked for, or the invitation is none.</exception>
    public async ValueTask<Identity> Register(string name, string domain, string password, ClientKey? client, byte[]? invited = null, Func<Identity, ValueTask<StoreWrite[]>>? alongside = null, CancellationToken cancellationToken = default)
    {
        var invitation = invited is null ? null : await InvitationTo(domain, invited, cancellationToken);
        if (!Jid.TryParse($"{name}@{domain}", out var jid) || jid.Local is null || jid.Resource is not null || jid.Domain != domain)
        {
            throw new AccountRefusedException(AccountRefusal.Name, "This is no valid user name.");
        }

        await _names.Check(jid, invitation, cancellationToken);
        passwords.CheckChosen(password, jid.BareText);
        if (invitation is null && client is { } counted && _opened.Take(counted) is { Ticks: > 0 } wait)
        {
            throw new AccountRefusedException(AccountRefusal.TooMany, "Too many accounts were asked for from here; try again later.") { RetryAfter = wait };
        }

        var account = new Identity(jid.Text);
        StoreWrite[] more = [.. invitation is null ? [] : UseOf(invitation, account), .. alongside is null ? [] : await alongside(account)];
        await Open(RecordOf(account, password), more, _ => "The name is taken.", cancellationToken);
        if (invitation is not null)
        {
            foreach (var listener in _listeners)
            {
                await Tell(listener, account, listener => listener.OnOpened(account, invitation));
            }
        }

        return account;
    }

    /// <summary>More than half of <see cref="OpenedPerClient"/> is used up.</summary>
    public bool IsBusy(ClientKey client) => _opened.Left(client) < OpenedPerClient.Permits / 2.0;

    private async ValueTask<Invitation> InvitationTo(string domain, byte[] invited, CancellationToken cancellationToken) =>
        await stores.Invitations.Find(invited, cancellationToken) is { OpensAccount: true } found && found.Domain == domain
            ? found
            : throw new AccountRefusedException(AccountRefusal.Invitation, "The invitation is not good, or not any more.");

    private StoreWrite[] UseOf(Invitation invitation, Identity account) =>
        [new StoreWrite.UsedInvitation(invitation.Id), new StoreWrite.Audit(new AuditEntry(time.GetUtcNow(), account.Value, "user register", account.Value, Detail: $"invited by {invitation.By}"))];

    /// <summary>Refuses what <see cref="Add"/> and <see cref="ChangePassword"/> would refuse whatever the password is.</summary>
    /// <param name="exists">The account has to be there, or must not be.</param>
    /// <exception cref="AccountRefusedException">With the same words.</exception>
    public async ValueTask Check(Identity account, bool exists, CancellationToken cancellationToken = default)
    {
        var isThere = await stores.Accounts.Find(account, cancellationToken) is not null;
        if (exists && !isThere)
        {
            throw NotThere(account);
        }

        var owner = exists || isThere ? account : await addresses.Find(Address.Email(account.Value), cancellationToken) ?? account;
        if (!exists && (isThere || owner != account))
        {
            throw new AccountRefusedException(AccountRefusal.Taken, Taken(account, owner));
        }
    }

    /// <summary>The operator makes an account; its name may be any and its password short.</summary>
    /// <param name="by">Who does, for the audit log.</param>
    /// <exception cref="AccountRefusedException">It exists, is somebody's address, or the password cannot be one.</exception>
    public async ValueTask Add(Identity account, string password, string by, CancellationToken cancellationToken = default)
    {
        PasswordRule.CheckUsable(password);
        var entry = new AuditEntry(time.GetUtcNow(), by, "user add", account.Value);
        await Open(RecordOf(account, password), [new StoreWrite.Audit(entry)], owner => Taken(account, owner), cancellationToken);
    }

    /// <summary>Somebody of a chat server beside this one is here for the first time: an account without a password, which is there.</summary>
    /// <param name="isAddress">The chat address is a mail address of the person, unless somebody else has it.</param>
    /// <param name="means">By what it was shown, for the log.</param>
    public async ValueTask OpenElsewhere(Identity account, bool isAddress, string means = "by the password of the chats", CancellationToken cancellationToken = default)
    {
        var address = Address.Email(account.Value);
        var claim = isAddress && await addresses.Find(address, cancellationToken) is null ? await addresses.Claim(account, address, cancellationToken) : null;
        var entry = new AuditEntry(time.GetUtcNow(), account.Value, "user first", account.Value, Detail: means);
        try
        {
            await stores.Write([new StoreWrite.Account(new AccountRecord(account, null, null)), new StoreWrite.Audit(entry), .. claim is null ? (StoreWrite[])[] : [claim]], cancellationToken);
            await portraits.Welcome(account);
        }
        catch (StoreConflictException)
        {
            // In another browser at the same moment.
        }

        _keys.Forget(account);
        addresses.Forget();
    }

    /// <summary>Gives an account another password.</summary>
    /// <param name="chosen">By the person, not by the operator.</param>
    /// <param name="alongside">What is stored in the same transaction, such as that a link is used up; null: nothing.</param>
    /// <exception cref="AccountRefusedException">No password, or no account.</exception>
    /// <exception cref="LinkUsedException">The link was used before, and the password stays.</exception>
    public async ValueTask ChangePassword(Identity account, string password, bool chosen, StoreWrite[]? alongside = null, CancellationToken cancellationToken = default)
    {
        if (chosen)
        {
            _names.CheckPassword(await _keys.Find(account, cancellationToken));
            passwords.CheckChosen(password, account.Value);
        }
        else
        {
            PasswordRule.CheckUsable(password);
        }

        var isRefused = false;
        try
        {
            await stores.Write([new StoreWrite.Password(RecordOf(account, password)), .. alongside ?? []], cancellationToken);
        }
        catch (Exception refused) when (refused is AccountGoneException or LinkUsedException)
        {
            isRefused = true;
            throw refused is AccountGoneException ? NotThere(account) : refused;
        }
        finally
        {
            // Also when nobody knows whether it was stored.
            _keys.Forget(account);
            foreach (var listener in isRefused ? [] : _listeners)
            {
                listener.OnPasswordChanged(account);
            }
        }
    }

    /// <summary>Whether this is the account's password. Guesses are counted as those of every other way in, and take the same time whoever is asked for.</summary>
    /// <exception cref="AccountRefusedException">Too many were wrong.</exception>
    public async ValueTask<bool> Verify(Identity account, string password, ClientKey client, CancellationToken cancellationToken = default)
    {
        var attempt = logins.Begin(account, client);
        if (!attempt.IsAllowed)
        {
            throw new AccountRefusedException(AccountRefusal.TooMany, "Too many wrong passwords; try again later.") { RetryAfter = attempt.Wait };
        }

        var found = await _keys.Find(account, cancellationToken);
        var isRight = Matches(found?.Sha256, password, ScramHash.Sha256);
        if (await Hashes(account.Domain, cancellationToken) != ScramHashes.All)
        {
            isRight |= Matches(found?.Sha1, password, ScramHash.Sha1);
        }

        if (!isRight)
        {
            return false;
        }

        attempt.Succeeded();
        await Proven(account, password, cancellationToken);
        return found!.Disabled is null ? true : throw new AccountRefusedException(AccountRefusal.Disabled, "The account is disabled.");
    }

    private static bool Matches(ScramCredentials? keys, string password, ScramHash hash) =>
        ScramKeyDerivation.Matches(keys ?? (hash == ScramHash.Sha1 ? Nobody.Sha1! : Nobody.Sha256!), password, hash) && keys is not null;

    /// <summary>The hashes that everybody of the domain has keys of: only those may be offered, since clients try the strongest one alone.</summary>
    public ValueTask<ScramHashes> Hashes(string domain, CancellationToken cancellationToken = default) => _keys.Hashes(domain, time.GetUtcNow(), cancellationToken);

    /// <summary>This is the account's password: keys that came from another server without those of some hash are completed.</summary>
    public async ValueTask Proven(Identity account, string password, CancellationToken cancellationToken = default)
    {
        if (await _keys.Find(account, cancellationToken) is { Hashes: not ScramHashes.All })
        {
            await stores.Accounts.Complete(RecordOf(account, password), cancellationToken);
            _keys.Forget(account);
            _keys.ForgetHashes(account.Domain);
        }
    }

    /// <summary>From now on nobody logs in to the account, and whoever did so is logged out; nothing of it goes.</summary>
    /// <param name="by">Who does, for the audit log.</param>
    /// <exception cref="AccountRefusedException">There is no such account.</exception>
    public async ValueTask Disable(Identity account, string? reason, string by, CancellationToken cancellationToken = default)
    {
        var now = time.GetUtcNow();
        await SetDisabled(new StoreWrite.Disabling(account, now, reason), new AuditEntry(now, by, "user disable", account.Value, reason), cancellationToken);
    }

    /// <summary>People log in to the account again.</summary>
    /// <inheritdoc cref="Disable"/>
    public ValueTask Enable(Identity account, string by, CancellationToken cancellationToken = default) =>
        SetDisabled(new StoreWrite.Disabling(account, null, null), new AuditEntry(time.GetUtcNow(), by, "user enable", account.Value), cancellationToken);

    /// <summary>Another process on the same database disabled the account, or enabled it.</summary>
    public async ValueTask Refresh(Identity account, CancellationToken cancellationToken = default)
    {
        _keys.Forget(account);
        if (await _keys.Find(account, cancellationToken) is { } found)
        {
            await TellDisabled(account, found.Disabled is not null);
        }
    }

    private async ValueTask SetDisabled(StoreWrite.Disabling disabling, AuditEntry entry, CancellationToken cancellationToken)
    {
        var (account, isDisabled) = (disabling.Person, disabling.Since is not null);
        var gate = GateOf(account);
        await gate.WaitAsync(cancellationToken);
        try
        {
            await stores.Write([disabling, new StoreWrite.Audit(entry)], cancellationToken);
        }
        catch (AccountGoneException)
        {
            throw NotThere(account);
        }
        finally
        {
            // Also when nobody knows whether it was stored: the next login looks.
            _keys.Forget(account);
            gate.Release();
        }

        await TellDisabled(account, isDisabled);
    }

    private async ValueTask TellDisabled(Identity account, bool isDisabled)
    {
        foreach (var listener in _listeners)
        {
            await Tell(listener, account, listener => isDisabled ? listener.OnDisabled(account) : listener.OnEnabled(account));
        }
    }

    /// <summary>
    /// Removes an account with everything of it. First whatever works in its name ends and nothing new begins; then it is
    /// removed; then the name may be opened again, and its next owner finds nothing of this one. False: there is no such account.
    /// </summary>
    public async ValueTask<bool> Close(Identity account, CancellationToken cancellationToken = default)
    {
        var gate = GateOf(account);
        await gate.WaitAsync(cancellationToken);
        try
        {
            return await stores.Accounts.Find(account, cancellationToken) is not null && await CloseExisting(account);
        }
        finally
        {
            gate.Release();
        }
    }

    // From here on nobody can turn back: its sessions end.
    private async ValueTask<bool> CloseExisting(Identity account)
    {
        foreach (var listener in _listeners)
        {
            await Tell(listener, account, listener => listener.OnClosing(account));
        }

        try
        {
            await portraits.Remove(account, CancellationToken.None);
            return await stores.Accounts.Remove(account, CancellationToken.None);
        }
        finally
        {
            _keys.Forget(account);
            addresses.Forget();
            portraits.Forget(account);
            foreach (var listener in _listeners)
            {
                await Tell(listener, account, listener => listener.OnClosed(account));
            }
        }
    }

    /// <summary>An account comes from another server, with the keys that it had there.</summary>
    /// <param name="record">Keys of one hash will do.</param>
    /// <param name="mark">A document by which it is known as imported.</param>
    /// <inheritdoc cref="Add"/>
    public async ValueTask Import(AccountRecord record, AccountDocument mark, string by, CancellationToken cancellationToken = default)
    {
        var entry = new AuditEntry(time.GetUtcNow(), by, "user import", record.Account.Value);
        await Open(record, [new StoreWrite.Document(mark), new StoreWrite.Audit(entry)], owner => Taken(record.Account, owner), cancellationToken);
        _keys.ForgetHashes(record.Account.Domain);
    }

    private async ValueTask Open(AccountRecord record, StoreWrite[] alongside, Func<Identity, string> taken, CancellationToken cancellationToken)
    {
        var account = record.Account;
        var address = Address.Email(account.Value);
        var gate = GateOf(account);
        await gate.WaitAsync(cancellationToken);
        try
        {
            if (await addresses.Find(address, cancellationToken) is { } owner && owner != account)
            {
                throw new AccountRefusedException(AccountRefusal.Taken, taken(owner));
            }

            StoreWrite[] writes = [.. await addresses.Claim(account, address, cancellationToken) is { } claim ? [claim] : (StoreWrite[])[], .. alongside];
            await stores.Write([new StoreWrite.Account(record), .. writes], cancellationToken);
            foreach (var claimed in writes.OfType<StoreWrite.Address>())
            {
                addresses.Forget(account, claimed.Hashes);
            }

            await portraits.Welcome(account);
        }
        catch (InvitationUsedException used)
        {
            throw new AccountRefusedException(AccountRefusal.Invitation, used.Message, used);
        }
        catch (StoreConflictException conflict)
        {
            throw new AccountRefusedException(AccountRefusal.Taken, taken(account), conflict);
        }
        finally
        {
            _keys.Forget(account);
            gate.Release();
        }
    }

    private static string Taken(Identity account, Identity owner) => owner == account ? $"{account} exists already." : $"{account} is an address of {owner} already.";

    private static AccountRefusedException NotThere(Identity account) => new(AccountRefusal.NoAccount, $"There is no account {account}.");

    private static AccountRecord RecordOf(Identity account, string password) =>
        new(account, ScramKeyDerivation.Derive(password, ScramHash.Sha1), ScramKeyDerivation.Derive(password, ScramHash.Sha256));

    private SemaphoreSlim GateOf(Identity account) => _gates[(uint)account.GetHashCode() % Stripes];

    private async ValueTask Tell(IAccountListener listener, Identity account, Func<IAccountListener, ValueTask> tell)
    {
        try
        {
            await tell(listener);
        }
#pragma warning disable CA1031 // An account must go even if one surface cannot take its leave.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Log.ListenerFailed(log, listener.GetType().Name, account.Value, exception);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "{Listener} failed when the account {Account} was opened, closed or disabled")]
        public static partial void ListenerFailed(ILogger logger, string listener, string account, Exception exception);
    }
}
