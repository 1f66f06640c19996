using System.Net;
using Likeness.Libravatar;
using Likeness.Limits;
using Likeness.Stores;
using Likeness.Xmpp.Sasl;

namespace Likeness.Xmpp.Server.Accounts;

/// <summary>Creates accounts for people who ask for one themselves, and changes their passwords.</summary>
public sealed class AccountOpening(IStores stores, AddressBook addresses, XmppServerOptions options, TimeProvider time)
{
    private const int MaxClients = 10_000;
    private readonly KeyedRateLimiter<ClientKey> _opened = new(new(3, TimeSpan.FromMinutes(10)), MaxClients, time);

    /// <param name="client">Where the wish comes from; each address has three accounts in ten minutes.</param>
    public async ValueTask Open(string name, string password, string domain, IPAddress client)
    {
        if (!Jid.TryParse($"{name}@{domain}", out var jid) || jid.Resource is not null || jid.Domain != domain)
        {
            throw new StanzaErrorException(StanzaCondition.NotAcceptable, "This is no valid user name.");
        }

        // Trying out names counts like opening accounts: the answer tells which ones exist.
        if (!options.IsDevelopment(client) && _opened.Take(ClientKey.Of(client)) > TimeSpan.Zero)
        {
            throw new StanzaErrorException(StanzaCondition.ResourceConstraint, "Too many accounts were asked for from here; try again later.");
        }

        var identity = new Identity(jid.Text);
        var address = Address.Email(jid.Text);
        if (await addresses.Find(address) is { } owner && owner != identity)
        {
            throw new StanzaErrorException(StanzaCondition.Conflict, "The name is taken.");
        }

        try
        {
            await stores.Accounts.Add(Record(identity, password));
            await addresses.Add(identity, address);
        }
        catch (StoreConflictException)
        {
            throw new StanzaErrorException(StanzaCondition.Conflict, "The name is taken.");
        }
    }

    public async ValueTask ChangePassword(Identity account, string password)
    {
        if (!await stores.Accounts.Update(Record(account, password)))
        {
            throw new StanzaErrorException(StanzaCondition.ItemNotFound);
        }
    }

    private static AccountRecord Record(Identity identity, string password)
    {
        try
        {
            return new AccountRecord(identity, Keys(password, ScramHash.Sha1), Keys(password, ScramHash.Sha256));
        }
        catch (FormatException unusable)
        {
            throw new StanzaErrorException(StanzaCondition.NotAcceptable, unusable.Message);
        }
    }

    private static ScramKeys Keys(string password, ScramHash hash)
    {
        var derived = ScramKeyDerivation.Derive(password, hash);
        return new ScramKeys(derived.Salt, derived.Iterations, derived.StoredKey, derived.ServerKey);
    }
}
