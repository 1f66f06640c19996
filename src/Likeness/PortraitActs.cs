using System.Collections.Immutable;
using Likeness.Libravatar;
using Likeness.Stores;

namespace Likeness;

/// <summary>
/// What operators and their programs do for a person: the same act for command, watched file and REST, with its entry in the
/// audit log. Who does it is <see cref="Cause.By"/>. An act that changes nothing leaves no entry.
/// </summary>
public sealed class PortraitActs(PortraitBook book, AddressBook addresses, IPortraitMaker maker, IStores stores, TimeProvider time)
{
    /// <summary>Gives the person the picture in this file on every view; the address is one of theirs from then on.</summary>
    /// <param name="address">Null: no address comes along.</param>
    /// <param name="words">How the log speaks of it; null: <c>avatar set</c>, with the picture's id.</param>
    /// <param name="keepNormal">As for <see cref="IPortraitMaker.Make"/>.</param>
    /// <param name="alongside">As <see cref="NewPortrait.Alongside"/>.</param>
    /// <param name="condition">As <see cref="NewPortrait.Condition"/>.</param>
    /// <param name="crop">Which part of the file it is; null: the square in the centre.</param>
    /// <param name="visibility">Who sees it, if nobody decided that yet; null: as the domain says.</param>
    public async Task<Portrait> Set(
        Identity owner,
        Address? address,
        ReadOnlyMemory<byte> file,
        Cause cause,
        AuditWords? words = null,
        bool keepNormal = false,
        StoreWrite? alongside = null,
        Action<Portrait>? condition = null,
        Visibility? visibility = null,
        PictureCrop? crop = null,
        CancellationToken cancellationToken = default)
    {
        var made = await maker.Make(owner, file, keepNormal, crop, cancellationToken);
        return await book.Set(
            owner,
            made with { Address = address, Access = visibility?.ToAccessModel() ?? made.Access, Alongside = alongside is null ? [] : [alongside], Condition = condition },
            cause with { Audit = words ?? new AuditWords("avatar set") },
            cancellationToken);
    }

    /// <summary>What <see cref="Set"/> would store; throws what it would throw because of the file.</summary>
    public Task<NewPortrait> Make(Identity owner, ReadOnlyMemory<byte> file, bool keepNormal, CancellationToken cancellationToken = default) =>
        maker.Make(owner, file, keepNormal, crop: null, cancellationToken);

    /// <summary>Takes the picture away from every view. Null: none was shown, and nothing was done.</summary>
    public async Task<Portrait?> Clear(Identity owner, Cause cause, string? reason = null, Action<Portrait>? condition = null, CancellationToken cancellationToken = default)
    {
        var wasShown = false;
        var portrait = await book.Clear(
            owner,
            cause with { Audit = new AuditWords("avatar clear", reason) },
            new Clearing
            {
                Condition = now =>
                {
                    condition?.Invoke(now);
                    wasShown = now.IsShown;
                },
            },
            cancellationToken);
        return wasShown ? portrait : null;
    }

    /// <summary>Decides who sees the portrait, on every view alike.</summary>
    public async Task<Portrait> SetVisibility(Identity owner, Visibility visibility, Cause cause, Action<Portrait>? condition = null, CancellationToken cancellationToken = default) =>
        await book.SetVisibility(
            owner,
            visibility,
            cause with { Audit = new AuditWords("avatar visibility", Detail: visibility.ToString().ToLowerInvariant()) },
            condition,
            cancellationToken);

    /// <summary>Gives the person one more address. False: it was there. Throws <see cref="StoreConflictException"/> when it is somebody else's.</summary>
    /// <param name="alongside">What is stored with it, or alone when it was there; null: nothing.</param>
    public async Task<bool> AddAddress(Identity owner, Address address, Cause cause, StoreWrite? alongside = null, CancellationToken cancellationToken = default)
    {
        StoreWrite[] more = alongside is null ? [] : [alongside];
        if (await addresses.Claim(owner, address, cancellationToken) is not { } claim)
        {
            if (more.Length > 0)
            {
                await stores.Write(more, cancellationToken);
            }

            return false;
        }

        await stores.Write([claim, new StoreWrite.Audit(Entry(cause, "address add", owner, address)), .. more], cancellationToken);
        addresses.Forget(owner, claim.Hashes);
        return true;
    }

    /// <summary>Takes an address away: it shows nobody's picture any more. False: the person did not have it.</summary>
    public async Task<bool> RemoveAddress(Identity owner, Address address, Cause cause, CancellationToken cancellationToken = default) =>
        await addresses.Remove(owner, address, Entry(cause, "address remove", owner, address), cancellationToken);

    private AuditEntry Entry(Cause cause, string action, Identity about, Address address) =>
        new(time.GetUtcNow(), cause.By ?? cause.Origin.ToString(), action, about.Value, Detail: address.Text);
}

/// <summary>Makes a portrait of a file that did not come by chat. Whoever decodes pictures implements it.</summary>
public interface IPortraitMaker
{
    /// <summary>Throws what says why the file is no portrait, or that none can be made now.</summary>
    /// <param name="file">The file as it was uploaded.</param>
    /// <param name="keepNormal">A file that is what an original of ours is anyway is kept byte for byte.</param>
    /// <param name="crop">Null: the square in the centre. With one, the whole picture is kept beside what was cut from it, unless <paramref name="keepNormal"/> says that it is one already.</param>
    Task<NewPortrait> Make(Identity owner, ReadOnlyMemory<byte> file, bool keepNormal, PictureCrop? crop = null, CancellationToken cancellationToken = default);

    /// <summary>What chats are told of a large picture that was made here before.</summary>
    ImmutableArray<PictureLink> LinksTo(Identity owner, PictureInfo master);
}
