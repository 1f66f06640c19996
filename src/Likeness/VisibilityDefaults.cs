using System.Collections.Frozen;
using Likeness.Stores;

namespace Likeness;

/// <summary>
/// Who sees the portraits of people who chose nothing, and how widely they may choose. A default that becomes wider is for those who come
/// afterwards: who was here before keeps the one there was, whether or not there was a picture yet.
/// </summary>
public sealed class VisibilityDefaults(DomainPolicies policies)
{
    private const string Kind = "visibility-default";
    private static readonly Identity Nobody = new("");
    private FrozenDictionary<string, Visibility> _kept = FrozenDictionary<string, Visibility>.Empty;
    private IStores? _stores;

    /// <summary>Of somebody who is here already and chose nothing.</summary>
    public Visibility Of(Identity identity)
    {
        var policy = policies.For(identity.Domain);
        return _kept.TryGetValue(policy.Domain, out var kept) && kept > policy.DefaultVisibility ? kept : policy.DefaultVisibility;
    }

    /// <summary>Of somebody who was not here until now; not for who administers without the server's settings.</summary>
    public Visibility OfNewcomer(Identity identity) => _stores is null ? Of(identity) : policies.For(identity.Domain).DefaultVisibility;

    /// <summary>Whether who comes now is shown more widely than who was here before.</summary>
    public bool IsWiderForNewcomers(Identity identity) => OfNewcomer(identity) < Of(identity);

    /// <summary>The widest that people of the domain may choose.</summary>
    public Visibility Widest(Identity identity) => policies.Serves(identity.Domain) ? policies.For(identity.Domain).WidestVisibility : Visibility.Public;

    /// <summary>The access model, or the widest one that the domain allows.</summary>
    public AccessModel Bound(Identity identity, AccessModel access) =>
        Widest(identity) is var widest && access.ToVisibility() < widest ? widest.ToAccessModel() : access;

    /// <summary>The portrait, shown no more widely than the domain allows.</summary>
    public Portrait Bound(Portrait portrait)
    {
        var identity = portrait.Identity;
        return Widest(identity) == Visibility.Public ? portrait : portrait with
        {
            DataAccess = portrait.DataAccess is { } data ? Bound(identity, data) : null,
            MetadataAccess = portrait.MetadataAccess is { } metadata ? Bound(identity, metadata) : null,
        };
    }

    /// <summary>Of the nodes that a picture makes.</summary>
    public async ValueTask<AccessModel> ForPictureOf(Identity identity, CancellationToken cancellationToken)
    {
        var isNew = IsWiderForNewcomers(identity)
            && await _stores!.Portraits.Find(identity, cancellationToken) is null
            && await _stores.Accounts.Find(identity, cancellationToken) is null
            && (await _stores.Portraits.Addresses(identity, cancellationToken)).Count == 0;
        return (isNew ? OfNewcomer(identity) : Of(identity)).ToAccessModel();
    }

    /// <summary>Looks what the default was; to be called before anybody is served.</summary>
    /// <param name="isServing">The settings are those of the server: what they say is remembered, and counts for who comes from now on.</param>
    public async ValueTask Load(IStores stores, bool isServing, CancellationToken cancellationToken = default)
    {
        _stores = isServing ? stores : null;
        var kept = new Dictionary<string, Visibility>(StringComparer.OrdinalIgnoreCase);
        foreach (var policy in policies.All)
        {
            var said = (await stores.Documents.Find(Nobody, Kind, policy.Domain, cancellationToken))?.Content;
            var before = Enum.TryParse<Visibility>(said, out var known) && await HasPeople(stores, policy.Domain, cancellationToken) ? known : policy.DefaultVisibility;
            var now = before > policy.DefaultVisibility ? before : policy.DefaultVisibility;
            kept[policy.Domain] = now;
            if (isServing && now.ToString() != said)
            {
                await stores.Documents.Save(new AccountDocument(Nobody, Kind, policy.Domain, now.ToString()), cancellationToken);
            }
        }

        _kept = kept.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);
    }

    private static async ValueTask<bool> HasPeople(IStores stores, string domain, CancellationToken cancellationToken) =>
        (await stores.Accounts.Page(new AccountSearch(domain), after: null, 1, cancellationToken)).Count > 0
        || (await stores.Bulk.People(after: null, 1, cancellationToken)).Count > 0;
}
