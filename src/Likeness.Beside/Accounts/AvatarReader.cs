using Likeness.Beside.Connections;
using Likeness.Stores;
using Likeness.Xmpp;
using Likeness.Xmpp.Payloads;
using Likeness.Xmpp.Xml;

namespace Likeness.Beside.Accounts;

/// <summary>Looks at accounts of the chat server: as their owner where that is granted, else as anybody.</summary>
internal sealed class AvatarReader(ComponentLink link, BesideOptions options)
{
    /// <summary>Behind access models that the owner chose on this side, even if they are those of new nodes.</summary>
    public const string ChosenHere = ",chosen";

    /// <summary>Infos of one metadata item that are looked at.</summary>
    private const int MaxInfos = 32;

    // Not the component itself: that may be a subscriber or contact, who sees more than a stranger does.
    private readonly string _stranger = $"stranger@{options.Name}/probe";

    /// <summary>Accounts are read as their owner.</summary>
    public bool IsOwner(Jid account) => link.GrantsOf(account.Domain).ReadsPep;

    /// <summary>What the account shows now.</summary>
    /// <param name="known">Where PEP has nothing, the vCard is looked at when there was something; an account that never had a picture costs one question.</param>
    public async Task<RemoteAvatar> Read(Jid account, BesideAccount known, bool lookAtVCard, CancellationToken cancellationToken)
    {
        var answer = await Items(account, Ns.AvatarMetadata, null, cancellationToken);
        var (found, isDisabled) = OfItems(answer);
        if (found is RemoteAvatar.Shown || isDisabled)
        {
            return found;
        }

        var mayHide = IsOwner(account) ? found is RemoteAvatar.None && (known.Seen is { Length: > 0 } || lookAtVCard) : true;
        if (!mayHide || found is RemoteAvatar.Unknown { IsOverloaded: true })
        {
            return found;
        }

        // Where PEP is closed or empty, the vCard says what there is (XEP-0153).
        var photo = await VCard(account, IsOwner(account) && link.GrantsOf(account.Domain).MayGet(Ns.VCard), cancellationToken);
        return photo switch
        {
            RemoteAvatar.Unknown => found,
            RemoteAvatar.None when found is RemoteAvatar.Unknown && !known.FromVCard => found,
            _ => photo,
        };
    }

    /// <summary>What PEP alone says.</summary>
    public async Task<RemoteAvatar> Glance(Jid account, CancellationToken cancellationToken) =>
        OfItems(await Items(account, Ns.AvatarMetadata, null, cancellationToken)).Found;

    /// <summary>The bytes behind an id; null when they cannot be had or are others.</summary>
    public async Task<byte[]?> Fetch(Jid account, string id, CancellationToken cancellationToken)
    {
        var answer = await Items(account, Ns.AvatarData, id, cancellationToken);
        var item = ItemsOf(answer)?.FirstOrDefault(child => child.Name == "item" && child["id"] == id);
        if (item?.Child("data", Ns.AvatarData) is { } data
            && data.Text().Length <= options.LargestPicture * 2
            && Xep0084UserAvatar.TryReadData(data, out var bytes)
            && Xep0084UserAvatar.IdOf(bytes) == id)
        {
            return bytes;
        }

        return await VCard(account, link.GrantsOf(account.Domain).MayGet(Ns.VCard), cancellationToken) is RemoteAvatar.Shown photo && photo.Id == id ? photo.Bytes : null;
    }

    /// <summary>The access models of both nodes, metadata first; null when they may not be read.</summary>
    public async Task<string?> Access(Jid account, CancellationToken cancellationToken)
    {
        if (!link.GrantsOf(account.Domain).MayGet(Ns.PubSubOwner))
        {
            return null;
        }

        var metadata = await Access(account, Ns.AvatarMetadata, cancellationToken);
        return metadata is null ? null : $"{metadata},{await Access(account, Ns.AvatarData, cancellationToken) ?? metadata}";
    }

    /// <summary>Who sees the avatar, by the access models or, where nobody chose or nobody may read them, by what a stranger is given.</summary>
    /// <returns>Null: keep what holds.</returns>
    /// <param name="shown">What was found just now: as a stranger, where nobody is its owner.</param>
    public async Task<Visibility?> Visibility(Jid account, string? access, RemoteAvatar.Shown shown, CancellationToken cancellationToken)
    {
        if (access is not null)
        {
            var models = access.Split(',');
            return models.All(model => model == Unchosen) ? await WhereUnchosen(account, cancellationToken) : models.Where(model => model != "chosen").Max(Of);
        }

        if (IsOwner(account))
        {
            return await WhereUnchosen(account, cancellationToken);
        }

        if (!shown.FromVCard)
        {
            return Likeness.Visibility.Public;
        }

        // The vCard was all that could be had. Why PEP did not say more tells who sees it there.
        var answer = await AsStranger(account, MetadataItems(), cancellationToken);
        var error = answer?.Child("error");
        var isClosed = error?.Child("presence-subscription-required", Ns.PubSubErrors) is null
            && (error?.Child("closed-node", Ns.PubSubErrors) ?? error?.Child("forbidden", Ns.StanzaErrors)) is not null;
        return answer is null ? null
            : isClosed ? Likeness.Visibility.Nobody
            : options.Unchosen == UnchosenVisibility.Contacts ? Likeness.Visibility.Contacts
            : Likeness.Visibility.Public;
    }

    private const string Unchosen = "presence";

    private static Visibility Of(string model) => model switch
    {
        "open" => Likeness.Visibility.Public,
        "presence" or "roster" => Likeness.Visibility.Contacts,
        _ => Likeness.Visibility.Nobody,
    };

    private async Task<Visibility?> WhereUnchosen(Jid account, CancellationToken cancellationToken) => options.Unchosen switch
    {
        UnchosenVisibility.Public => Likeness.Visibility.Public,
        UnchosenVisibility.Contacts => Likeness.Visibility.Contacts,
        _ => await SeenByStranger(account, cancellationToken),
    };

    private async Task<Visibility?> SeenByStranger(Jid account, CancellationToken cancellationToken)
    {
        if (OfItems(await AsStranger(account, MetadataItems(), cancellationToken)).Found is RemoteAvatar.Shown)
        {
            return Likeness.Visibility.Public;
        }

        return await VCard(account, asOwner: false, cancellationToken) switch
        {
            RemoteAvatar.Shown => Likeness.Visibility.Public,
            RemoteAvatar.None => Likeness.Visibility.Contacts,
            RemoteAvatar.Unknown { IsOverloaded: true } => null,
            _ => Likeness.Visibility.Contacts,
        };
    }

    private async Task<string?> Access(Jid account, string node, CancellationToken cancellationToken)
    {
        var ask = new Element("pubsub", Ns.PubSubOwner).Add(new Element("configure", Ns.PubSubOwner).Set("node", node));
        var answer = await link.AskAs(account, "get", ask, cancellationToken);
        return answer?.Child("pubsub", Ns.PubSubOwner)?.Child("configure") is { } configure && DataForm.Find(configure) is { } form ? form["pubsub#access_model"] : null;
    }

    /// <summary>The photo of the vCard. An answer without one says that there is none: of an account that exists nowhere, too.</summary>
    public async Task<RemoteAvatar> VCard(Jid account, bool asOwner, CancellationToken cancellationToken)
    {
        var ask = new Element("vCard", Ns.VCard);
        var answer = asOwner
            ? await link.AskAs(account, "get", ask, cancellationToken)
            : await AsStranger(account, ask, cancellationToken);
        return OfVCard(answer);
    }

    /// <summary>What the answer to a question for the vCard says.</summary>
    public static RemoteAvatar OfVCard(Element? answer)
    {
        if (answer is null)
        {
            return new RemoteAvatar.Unknown("no answer") { IsOverloaded = true };
        }

        if (answer["type"] == "error")
        {
            return OfError(answer);
        }

        var photo = Xep0054VCard.ReadPhoto(answer.Child("vCard", Ns.VCard) ?? new Element("vCard", Ns.VCard));
        return photo switch
        {
            { Kind: VCardPhotoKind.Picture, Bytes: { } bytes } => new RemoteAvatar.Shown(Xep0084UserAvatar.IdOf(bytes), bytes),
            { Kind: VCardPhotoKind.None } => new RemoteAvatar.None(),
            _ => new RemoteAvatar.Unknown("the photo of the vCard cannot be read"),
        };
    }

    private Task<Element?> Items(Jid account, string node, string? id, CancellationToken cancellationToken)
    {
        var ask = id is null ? MetadataItems() : PubSub(new Element("items", Ns.PubSub).Set("node", node).Add(new Element("item", Ns.PubSub).Set("id", id)));
        return IsOwner(account) ? link.AskAs(account, "get", ask, cancellationToken) : AsStranger(account, ask, cancellationToken);
    }

    private Task<Element?> AsStranger(Jid account, Element payload, CancellationToken cancellationToken) =>
        link.Ask(new Element("iq", Ns.Client).Set("type", "get").Set("to", account.BareText).Add(payload), _stranger, cancellationToken);

    private static Element MetadataItems() => PubSub(new Element("items", Ns.PubSub).Set("node", Ns.AvatarMetadata).Set("max_items", "1"));

    private static Element PubSub(Element child) => new Element("pubsub", Ns.PubSub).Add(child);

    private static Element? ItemsOf(Element? answer) => answer?.Child("pubsub", Ns.PubSub)?.Child("items");

    /// <summary>What the answer to a question for the metadata says; disabled: its owner says that there is none.</summary>
    private static (RemoteAvatar Found, bool IsDisabled) OfItems(Element? answer)
    {
        if (answer is null)
        {
            return (new RemoteAvatar.Unknown("no answer") { IsOverloaded = true }, false);
        }

        if (answer["type"] == "error")
        {
            return (OfError(answer), false);
        }

        var metadata = ItemsOf(answer)?.FirstOrDefault(child => child.Name == "item")?.Child("metadata", Ns.AvatarMetadata);
        return metadata is null ? (new RemoteAvatar.None(), false) : OfMetadata(metadata);
    }

    /// <summary>Which picture a metadata element names: one at the data node, PNG first (XEP-0084 §4.2.1).</summary>
    public static (RemoteAvatar Found, bool IsDisabled) OfMetadata(Element metadata)
    {
        var bounded = new Element(metadata.Name, metadata.Namespace);
        foreach (var info in metadata.Where(child => child.Name == "info").Take(MaxInfos))
        {
            bounded.Add(info);
        }

        var inBand = Xep0084UserAvatar.ReadMetadata(bounded).Where(info => info.Url is null).OrderBy(info => info.Type == "image/png" ? 0 : 1).FirstOrDefault();
        return inBand is null ? (new RemoteAvatar.None(), bounded.FirstChild() is null) : (new RemoteAvatar.Shown(inBand.Id), false);
    }

    private static RemoteAvatar OfError(Element answer)
    {
        var condition = StanzaReply.ReadError(answer).Condition.Name;
        return condition == "item-not-found"
            ? new RemoteAvatar.None()
            : new RemoteAvatar.Unknown(condition) { IsOverloaded = condition is "resource-constraint" or "remote-server-timeout" };
    }
}
