using Likeness.Libravatar;
using Likeness.Stores;

namespace Likeness;

/// <summary>Whose portrait an address stands for: the one door to addresses. A change is durable before it returns, then every listener is told once.</summary>
public sealed class AddressBook(IPortraitStore store, IEnumerable<IAddressListener> listeners)
{
    private readonly IAddressListener[] _listeners = [.. listeners];

    /// <summary>The owner of a confirmed address with this hash; null when there is none (L-2, L-11).</summary>
    public ValueTask<Identity?> Find(AddressHash hash, CancellationToken cancellation = default) => store.Resolve(hash, cancellation);

    /// <summary>The owner of this address; null when nobody has it.</summary>
    public async ValueTask<Identity?> Find(Address address, CancellationToken cancellation = default)
    {
        foreach (var hash in address.Hashes)
        {
            if (await store.Resolve(hash, cancellation) is { } owner)
            {
                return owner;
            }
        }

        return null;
    }

    /// <summary>The owner of this address; for one that nobody has the person it names.</summary>
    public async ValueTask<Identity> OwnerOf(Address address, CancellationToken cancellation = default) =>
        await Find(address, cancellation) ?? new Identity(address.Text);

    /// <summary>The addresses of a person, in the order they were added.</summary>
    public ValueTask<IReadOnlyList<string>> Of(Identity owner, CancellationToken cancellation = default) => store.Addresses(owner, cancellation);

    /// <summary>Gives the person this address; one that is there already changes nothing. Throws <see cref="StoreConflictException"/> when it belongs to somebody else.</summary>
    public async ValueTask Add(Identity owner, Address address, CancellationToken cancellation = default)
    {
        if ((await Of(owner, cancellation)).Contains(address.Text))
        {
            return;
        }

        await store.AddAddress(owner, address.Text, address.Hashes, cancellation);
        Tell();
    }

    /// <summary>Its hashes stop standing for the person at once (L-103). False: the person did not have it.</summary>
    public async ValueTask<bool> Remove(Identity owner, Address address, CancellationToken cancellation = default)
    {
        var removed = await store.RemoveAddress(owner, address.Text, cancellation);
        Tell();
        return removed;
    }

    /// <summary>To be called after an account went with its addresses.</summary>
    public void Forget() => Tell();

    private void Tell()
    {
        foreach (var listener in _listeners)
        {
            listener.OnAddressesChanged();
        }
    }
}

/// <summary>A surface that remembers whose an address is.</summary>
public interface IAddressListener
{
    /// <summary>Some address came or went. Must neither block nor throw.</summary>
    void OnAddressesChanged();
}
