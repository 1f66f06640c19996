using System.Collections.Immutable;
using Likeness.Libravatar;
using Likeness.Stores;

namespace Likeness;

/// <summary>Whose portrait an address stands for: the one door to addresses. A change is durable before it returns, then every listener is told once.</summary>
public sealed class AddressBook(IPortraitStore store, DomainPolicies? policies = null)
{
    private ImmutableArray<IAddressListener> _listeners = [];

    /// <summary>From now on the listener is told of every change.</summary>
    public void Subscribe(IAddressListener listener) => ImmutableInterlocked.Update(ref _listeners, static (all, one) => all.Add(one), listener);

    /// <summary>The owner of a confirmed address with this hash; null when there is none.</summary>
    public ValueTask<Identity?> Find(AddressHash hash, CancellationToken cancellationToken = default) => store.Resolve(hash, cancellationToken);

    /// <summary>The owner of this address, or of the one it is without its plus tag where the domain allows that; null when nobody has it.</summary>
    public async ValueTask<Identity?> Find(Address address, CancellationToken cancellationToken = default)
    {
        if (await FindExact(address, cancellationToken) is { } owner)
        {
            return owner;
        }

        return TagsOf(address).WithoutTag(address) is { } plain ? await FindExact(plain, cancellationToken) : null;
    }

    /// <summary>Whose portrait is shown for unknown people of this domain; null: nobody's.</summary>
    public async ValueTask<Identity?> CatchAll(DomainPolicy policy, CancellationToken cancellationToken = default) =>
        policy.CatchAll is { } address ? await OwnerOf(address, cancellationToken) : null;

    /// <summary>The owner of this address; for one that nobody has the person it names.</summary>
    public async ValueTask<Identity> OwnerOf(Address address, CancellationToken cancellationToken = default) =>
        await Find(address, cancellationToken) ?? new Identity(address.Text);

    /// <summary>The addresses of a person, in the order they were added.</summary>
    public ValueTask<IReadOnlyList<string>> Of(Identity owner, CancellationToken cancellationToken = default) => store.Addresses(owner, cancellationToken);

    /// <summary>By which hashes the person is found when this is one of the addresses: its own, and those with a plus tag of the domain that are nobody else's.</summary>
    public async ValueTask<IReadOnlyList<AddressHash>> HashesOf(Identity owner, Address address, CancellationToken cancellationToken = default)
    {
        List<AddressHash> hashes = [.. address.Hashes];
        foreach (var tagged in TagsOf(address).HashesOf(address))
        {
            if (await store.Resolve(tagged, cancellationToken) is not { } other || other == owner)
            {
                hashes.Add(tagged);
            }
        }

        return hashes;
    }

    /// <summary>Gives the person this address; one that is there already changes nothing. Throws <see cref="StoreConflictException"/> when it belongs to somebody else.</summary>
    public async ValueTask Add(Identity owner, Address address, CancellationToken cancellationToken = default)
    {
        if (await Claim(owner, address, cancellationToken) is { } claim)
        {
            await store.AddAddress(owner, claim.Text, claim.Hashes, cancellationToken);
            Forget(owner, claim.Hashes);
        }
    }

    /// <summary>The write that gives the person this address, for an act of several; null when the person has it. <see cref="Forget(Identity, IReadOnlyList{AddressHash})"/> is called when the act is durable.</summary>
    public async ValueTask<StoreWrite.Address?> Claim(Identity owner, Address address, CancellationToken cancellationToken = default) =>
        (await Of(owner, cancellationToken)).Contains(address.Text)
            ? null
            : new StoreWrite.Address(owner, address.Text, await HashesOf(owner, address, cancellationToken));

    /// <summary>Its hashes stop standing for the person at once. False: the person did not have it.</summary>
    /// <param name="said">Goes into the log with it; null: nothing does.</param>
    public async ValueTask<bool> Remove(Identity owner, Address address, AuditEntry? said = null, CancellationToken cancellationToken = default)
    {
        var hashes = await HashesOf(owner, address, cancellationToken);
        var removed = await store.RemoveAddress(owner, address.Text, said, cancellationToken);
        if (removed)
        {
            Tell(new AddressesChanged(owner, hashes));
        }

        return removed;
    }

    /// <summary>To be called when nobody can say which addresses came or went.</summary>
    public void Forget() => Tell(AddressesChanged.Unknown);

    /// <summary>Tells of addresses that came or went in a transaction of somebody else's.</summary>
    public void Forget(Identity owner, IReadOnlyList<AddressHash> hashes) => Tell(new AddressesChanged(owner, hashes));

    private async ValueTask<Identity?> FindExact(Address address, CancellationToken cancellationToken)
    {
        foreach (var hash in address.Hashes)
        {
            if (await store.Resolve(hash, cancellationToken) is { } owner)
            {
                return owner;
            }
        }

        return null;
    }

    private PlusTags TagsOf(Address address) =>
        policies?.Serves(address.Domain) == true ? policies.For(address.Domain).PlusTags : PlusTags.None;

    private void Tell(AddressesChanged change)
    {
        foreach (var listener in _listeners)
        {
            listener.OnAddressesChanged(change);
        }
    }
}

/// <summary>Raised after addresses came or went.</summary>
/// <param name="Owner">Whose; null: anybody's.</param>
/// <param name="Hashes">Those that may stand for somebody else than before; empty together with no owner: any.</param>
public sealed record AddressesChanged(Identity? Owner, IReadOnlyList<AddressHash> Hashes)
{
    public static AddressesChanged Unknown { get; } = new(null, []);
}

/// <summary>A surface that remembers whose an address is.</summary>
public interface IAddressListener
{
    /// <summary>Must neither block nor throw.</summary>
    void OnAddressesChanged(AddressesChanged change);
}
