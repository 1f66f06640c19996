using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Server.Avatars;

/// <summary>
/// Decides what somebody sees of a portrait and says it in the words of PEP (XEP-0084), vCard (XEP-0054) and presence
/// (XEP-0153). It knows identities and relations only: accounts, rooms, remote users and components ask the same one.
/// </summary>
internal sealed class AvatarService(PortraitBook book)
{
    /// <summary>What everybody sees of the portrait of this identity.</summary>
    public async ValueTask<AvatarViews> See(Identity identity, CancellationToken cancellationToken = default) =>
        See(await book.Find(identity, cancellationToken), null);

    /// <param name="known">What was made of an earlier portrait or of this one: as long as the portrait stays, so do its views.</param>
    public AvatarViews See(Portrait portrait, AvatarViews? known) =>
        known is not null && ReferenceEquals(known.Portrait, portrait)
            ? known
            : new AvatarViews(portrait, book.VisibilityOf(portrait));

    /// <summary>The bytes of what a viewer sees; null when that is nothing.</summary>
    public ValueTask<Picture?> Photo(AvatarView view, CancellationToken cancellationToken = default) =>
        view.Picture is { } picture ? book.Read(picture.Id, cancellationToken) : new((Picture?)null);

    /// <summary>An item of the data node by its id: the portrait's picture, or one that is kept beside it; null when there is none.</summary>
    public async ValueTask<AvatarItem?> Data(Portrait portrait, PictureId id, CancellationToken cancellationToken = default)
    {
        var picture = portrait.Picture?.Id == id
            ? await book.Read(id, cancellationToken)
            : await book.FindDraft(portrait.Identity, id, cancellationToken);
        return picture is null ? null : DataItem(picture, portrait.Changed);
    }

    public static AvatarItem DataItem(Picture picture, DateTimeOffset published) =>
        new(picture.Id.Hex, new Element("data", Ns.AvatarData).Add(Convert.ToBase64String(picture.Bytes.Span)), published);

    /// <summary>Of a node that is created without a word.</summary>
    public AccessModel DefaultAccess(Identity identity) => book.Defaults.Of(identity).ToAccessModel();

    /// <summary>The access model, or the widest one that the domain allows.</summary>
    public AccessModel Bound(Identity identity, AccessModel access) => book.Defaults.Bound(identity, access);

    /// <summary>The access model in force at both nodes: the stricter one; a node that does not exist restricts nothing.</summary>
    public static AccessModel AccessOf(Portrait portrait)
    {
        var data = portrait.DataAccess ?? AccessModel.Open;
        var metadata = portrait.MetadataAccess ?? AccessModel.Open;
        return data > metadata ? data : metadata;
    }
}

/// <summary>One portrait as everybody sees it. It and what it gives stay the same until the portrait changes, so that it can be compared by reference.</summary>
internal sealed class AvatarViews
{
    private readonly AvatarView _contact;
    private readonly AvatarView _stranger;
    private readonly AvatarView _owner;
    private AvatarItem? _metadata;
    private bool _isRead;

    public AvatarViews(Portrait portrait, Visibility visibility)
    {
        Portrait = portrait;
        _owner = new AvatarView(this, true);
        _stranger = visibility.ShowsTo(AvatarRelation.Stranger) ? _owner : new AvatarView(this, false);
        _contact = visibility.ShowsTo(AvatarRelation.Contact) ? _owner : _stranger;
    }

    public Portrait Portrait { get; }

    /// <summary>The item of the metadata node; read or written once.</summary>
    public AvatarItem? Metadata
    {
        get
        {
            if (!Volatile.Read(ref _isRead))
            {
                _metadata = AvatarMetadata.ItemOf(Portrait);
                Volatile.Write(ref _isRead, true);
            }

            return _metadata;
        }
    }

    public AvatarView For(AvatarRelation viewer) => viewer switch
    {
        AvatarRelation.Owner => _owner,
        AvatarRelation.Contact => _contact,
        _ => _stranger,
    };
}

/// <summary>A portrait as one kind of viewer sees it.</summary>
internal sealed class AvatarView(AvatarViews views, bool isVisible)
{
    public bool IsVisible => isVisible;

    /// <summary>The in-band picture; null: nothing to see.</summary>
    public PictureInfo? Picture => isVisible ? views.Portrait.Picture : null;

    /// <summary>The item of the metadata node; null: nothing to see.</summary>
    public AvatarItem? Metadata => isVisible ? views.Metadata : null;

    /// <summary>What presence says.</summary>
    public AvatarStamp Stamp { get; } = AvatarStamp.Of(views.Portrait, isVisible);
}

/// <summary>An item of an avatar node.</summary>
internal sealed record AvatarItem(string Id, Element Payload, DateTimeOffset Published);
