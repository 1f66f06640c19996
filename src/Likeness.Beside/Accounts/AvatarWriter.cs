using System.Collections.Concurrent;
using System.Collections.Immutable;
using Likeness.Beside.Connections;
using Likeness.Stores;
using Likeness.Xmpp;
using Likeness.Xmpp.Payloads;
using Likeness.Xmpp.Xml;

namespace Likeness.Beside.Accounts;

/// <summary>How changes get to a chat server.</summary>
internal enum WriteWay
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>Requests in the owner's name (XEP-0356).</summary>
    Privileged,

    /// <summary>ejabberd's HTTP API.</summary>
    Api,

    /// <summary>Stanzas with the person's address as sender, which the server was told not to check.</summary>
    AsUser,
}

/// <summary>What became of a write.</summary>
/// <param name="Problem">Null: the server has it.</param>
/// <param name="Access">The access models that were written, as <see cref="BesideAccount.Access"/>; null: none were.</param>
internal sealed record Written(string? Problem, string? Access = null);

/// <summary>Brings a portrait to its owner's account on the chat server.</summary>
internal sealed class AvatarWriter(ComponentLink link, AvatarReader reader, EjabberdApi? api, BesideOptions options, TimeProvider time)
{
    private const int MaxAttempts = 3;
    private static readonly TimeSpan[] ConversionPauses = [TimeSpan.Zero, TimeSpan.FromSeconds(0.3), TimeSpan.FromSeconds(0.7), TimeSpan.FromSeconds(1.5), TimeSpan.FromSeconds(2.5)];
    private static readonly string[] Nodes = [Ns.AvatarMetadata, Ns.AvatarData];
    private readonly ConcurrentDictionary<string, bool> _converts = new(StringComparer.Ordinal);

    /// <summary>The best way there is at this moment.</summary>
    public WriteWay WayOf(string domain) =>
        link.GrantsOf(domain).WritesPep ? WriteWay.Privileged
        : api is not null ? WriteWay.Api
        : options.ActsAsUsers ? WriteWay.AsUser
        : WriteWay.None;

    /// <summary>Both nodes of an account may be configured.</summary>
    public bool Configures(string domain) => WayOf(domain) switch
    {
        WriteWay.Privileged => link.GrantsOf(domain).Configures,
        WriteWay.None => false,
        _ => true,
    };

    /// <summary>The photo of the vCard, which gives way to what is written.</summary>
    public async Task<RemoteAvatar> Photo(Jid account, CancellationToken cancellationToken) => ChangesVCards(account.Domain)
        ? AvatarReader.OfVCard(await AsOwner(account, "get", new Element("vCard", Ns.VCard), cancellationToken))
        : await reader.VCard(account, asOwner: false, cancellationToken);

    /// <summary>Publishes the picture: first the bytes, then what says that they are there (XEP-0084 §4.1).</summary>
    /// <param name="access">For both nodes; null: those of nodes that are there stay, new ones get the server's default.</param>
    public async Task<Written> Publish(Jid account, Picture picture, ImmutableArray<PictureLink> links, AccessModel? access, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            var problem = await Publish(account, Data(picture), access, cancellationToken);
            problem ??= await SettleData(account, picture, cancellationToken);
            problem ??= await Publish(account, Metadata(picture, links), access, cancellationToken);
            if (problem is null && (WayOf(account.Domain) != WriteWay.Api || await Arrived(account, picture.Id.Hex, cancellationToken)))
            {
                await Convert(account, picture, cancellationToken);
                return new Written(null, access is { } written ? Chosen(written) : null);
            }

            if (problem is not null || attempt == MaxAttempts)
            {
                return new Written(problem ?? "the server was told and shows nothing of it");
            }
        }
    }

    /// <summary>Takes the avatar away: an empty metadata item, then the photo of the vCard if it is still there.</summary>
    public async Task<Written> Clear(Jid account, CancellationToken cancellationToken)
    {
        var empty = Item(Ns.AvatarMetadata, null, Xep0084UserAvatar.Metadata());
        for (var attempt = 1; ; attempt++)
        {
            if (await Publish(account, empty, null, cancellationToken) is { } problem)
            {
                return new Written(problem);
            }

            if (WayOf(account.Domain) != WriteWay.Api || await Arrived(account, "", cancellationToken))
            {
                await Convert(account, null, cancellationToken);
                return new Written(null);
            }

            if (attempt == MaxAttempts)
            {
                return new Written("the server was told and still shows the picture");
            }
        }
    }

    /// <summary>Gives both nodes this access model; nodes that are not there are left so.</summary>
    public async Task<Written> Configure(Jid account, AccessModel access, CancellationToken cancellationToken)
    {
        foreach (var node in Nodes)
        {
            var form = new DataForm("submit", Ns.PubSubNodeConfig, [FormField.Of("pubsub#access_model", Named(access))]);
            var configure = new Element("pubsub", Ns.PubSubOwner).Add(new Element("configure", Ns.PubSubOwner).Set("node", node).Add(form.ToElement()));
            if (Problem(await Set(account, configure, cancellationToken)) is { } problem and not "item-not-found")
            {
                return new Written(problem);
            }
        }

        return new Written(null, Chosen(access));
    }

    /// <summary>Lets the server tell of changes at the metadata node, which has to be there (XEP-0060 §8.8, §6.1). False: it does not.</summary>
    public async Task<bool> Subscribe(Jid account, CancellationToken cancellationToken)
    {
        if (link.GrantsOf(account.Domain).MaySet(Ns.PubSubOwner))
        {
            // A node for contacts takes a subscriber only who is its member.
            return await Owner(account, "affiliations", "affiliation", "affiliation", "member", cancellationToken)
                && await Owner(account, "subscriptions", "subscription", "subscription", "subscribed", cancellationToken);
        }

        var subscribe = new Element("pubsub", Ns.PubSub).Add(new Element("subscribe", Ns.PubSub).Set("node", Ns.AvatarMetadata).Set("jid", options.Name));
        var answer = await link.Ask(new Element("iq", Ns.Client).Set("type", "set").Set("to", account.BareText).Add(subscribe), cancellationToken: cancellationToken);
        return answer?["type"] == "result";
    }

    /// <summary>Whether the server still knows of the subscription; null when it does not say.</summary>
    public async Task<bool?> IsSubscribed(Jid account, CancellationToken cancellationToken)
    {
        if (!link.GrantsOf(account.Domain).MayGet(Ns.PubSubOwner))
        {
            return null;
        }

        var ask = new Element("pubsub", Ns.PubSubOwner).Add(new Element("subscriptions", Ns.PubSubOwner).Set("node", Ns.AvatarMetadata));
        var subscriptions = (await link.AskAs(account, "get", ask, cancellationToken))?.Child("pubsub", Ns.PubSubOwner)?.Child("subscriptions");
        return subscriptions?.Any(one => one["jid"] == options.Name && one["subscription"] == "subscribed");
    }

    /// <summary>Puts the component into the person's contact list, so that their server tells it what it tells contacts.</summary>
    public async Task<bool> JoinRoster(Jid account, CancellationToken cancellationToken)
    {
        if (!await AddToRoster(account, cancellationToken))
        {
            return false;
        }

        await ShowInterest(account, cancellationToken);
        return true;
    }

    /// <summary>Asks the server of somebody whose contact the component is for what there is and what comes (XEP-0163 §4.3). Once in a connection.</summary>
    public ValueTask<bool> ShowInterest(Jid account, CancellationToken cancellationToken) => link.Send(link.Answers.Interest(account.BareText), cancellationToken);

    // Never by a request to see presence: people would be asked.
    private async Task<bool> AddToRoster(Jid account, CancellationToken cancellationToken)
    {
        if (api is not null)
        {
            return await api.AddRosterItem(account, options.Name, cancellationToken);
        }

        if (!link.GrantsOf(account.Domain).MaySetRoster)
        {
            return false;
        }

        var item = new Element("item", Ns.Roster).Set("jid", options.Name).Set("name", "Portraits").Set("subscription", "both");
        var answer = await link.Ask(new Element("iq", Ns.Client).Set("type", "set").Set("to", account.BareText).Add(new Element("query", Ns.Roster).Add(item)), cancellationToken: cancellationToken);
        return answer?["type"] == "result";
    }

    private static string Chosen(AccessModel access) => $"{Named(access)},{Named(access)}{AvatarReader.ChosenHere}";

    private static string Named(AccessModel access) => access.ToString().ToLowerInvariant();

    private static Element Data(Picture picture) => Item(Ns.AvatarData, picture.Id.Hex, Xep0084UserAvatar.Data(picture.Bytes.ToArray()));

    // The picture itself comes first: some servers make the vCard of the first one.
    private static Element Metadata(Picture picture, ImmutableArray<PictureLink> links) => Item(Ns.AvatarMetadata, picture.Id.Hex, Xep0084UserAvatar.Metadata(
    [
        new AvatarInfo(picture.Id.Hex, picture.Info.MediaType, picture.Info.Length, picture.Info.Width, picture.Info.Height),
        .. links.Select(one => new AvatarInfo(one.Id, one.MediaType, one.Length, one.Width, one.Height, one.Url)),
    ]));

    private static Element Item(string node, string? id, Element payload) =>
        new Element("publish", Ns.PubSub).Set("node", node).Add(new Element("item", Ns.PubSub).Set("id", id).Add(payload));

    private static string? Problem(Element? answer) =>
        answer is null ? "no answer" : answer["type"] == "error" ? StanzaReply.ReadError(answer).Condition.Name : null;

    private async Task<bool> Owner(Jid account, string list, string element, string attribute, string value, CancellationToken cancellationToken)
    {
        var set = new Element("pubsub", Ns.PubSubOwner).Add(new Element(list, Ns.PubSubOwner).Set("node", Ns.AvatarMetadata)
            .Add(new Element(element, Ns.PubSubOwner).Set("jid", options.Name).Set(attribute, value)));
        return Problem(await link.AskAs(account, "set", set, cancellationToken)) is null;
    }

    private async Task<string?> Publish(Jid account, Element publish, AccessModel? access, CancellationToken cancellationToken)
    {
        var answer = await Set(account, PubSub(publish, access), cancellationToken);
        if (access is { } model && answer?.Child("error")?.Child("precondition-not-met", Ns.PubSubErrors) is not null
            && await Configure(account, model, cancellationToken) is { Problem: null })
        {
            answer = await Set(account, PubSub(publish, null), cancellationToken);
        }

        return Problem(answer);
    }

    private static Element PubSub(Element publish, AccessModel? access)
    {
        var pubsub = new Element("pubsub", Ns.PubSub).Add(publish);
        return access is not { } model ? pubsub : pubsub.Add(new Element("publish-options", Ns.PubSub)
            .Add(new DataForm("submit", Ns.PubSubPublishOptions, [FormField.Of("pubsub#access_model", Named(model))]).ToElement()));
    }

    private async Task<Element?> Set(Jid account, Element payload, CancellationToken cancellationToken)
    {
        if (WayOf(account.Domain) != WriteWay.Api)
        {
            return await AsOwner(account, "set", payload, cancellationToken);
        }

        var from = $"{account.BareText}/likeness";
        var iq = new Element("iq", Ns.Client).Set("type", "set").Set("id", StanzaId.New()).Set("from", from).Set("to", account.BareText).Add(payload);
        return await api!.SendStanza(from, account.BareText, iq, cancellationToken) ? new Element("iq", Ns.Client).Set("type", "result") : null;
    }

    // By a way that answers; a person's bare address as sender is refused by Prosody.
    private async Task<Element?> AsOwner(Jid account, string type, Element payload, CancellationToken cancellationToken) => WayOf(account.Domain) switch
    {
        WriteWay.Privileged => await link.AskAs(account, type, payload, cancellationToken),
        WriteWay.AsUser => await link.Ask(
            new Element("iq", Ns.Client).Set("type", type).Set("to", account.BareText).Add(payload), $"{account.BareText}/likeness-{StanzaId.New()}", cancellationToken),
        _ => null,
    };

    private bool ChangesVCards(string domain) => WayOf(domain) switch
    {
        WriteWay.Privileged => link.GrantsOf(domain).MayGet(Ns.VCard) && link.GrantsOf(domain).MaySet(Ns.VCard),
        WriteWay.AsUser => true,
        _ => false,
    };

    // What is only known to be sent may still be under way when the metadata comes, which names it.
    private async Task<string?> SettleData(Jid account, Picture picture, CancellationToken cancellationToken)
    {
        if (WayOf(account.Domain) == WriteWay.Api)
        {
            for (var pause = 0; pause < 3 && await reader.Fetch(account, picture.Id.Hex, cancellationToken) is null; pause++)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(100), time, cancellationToken);
            }
        }

        return null;
    }

    private async Task<bool> Arrived(Jid account, string id, CancellationToken cancellationToken)
    {
        foreach (var pause in ConversionPauses)
        {
            await Task.Delay(pause, time, cancellationToken);
            var found = await reader.Read(account, new BesideAccount(new Identity(account.BareText), options.Name) { Seen = id, FromVCard = true }, lookAtVCard: true, cancellationToken);
            if (found.Key == id)
            {
                return true;
            }
        }

        return false;
    }

    // XEP-0398: where the server makes the vCard of what is published, it is left alone; else its photo is changed and nothing more.
    private async Task Convert(Jid account, Picture? picture, CancellationToken cancellationToken)
    {
        if (_converts.GetValueOrDefault(account.Domain) || !ChangesVCards(account.Domain))
        {
            return;
        }

        foreach (var pause in ConversionPauses)
        {
            await Task.Delay(pause, time, cancellationToken);
            if (AvatarReader.OfVCard(await AsOwner(account, "get", new Element("vCard", Ns.VCard), cancellationToken)).Key == (picture?.Id.Hex ?? ""))
            {
                // A vCard without photo may never have had one.
                _ = picture is not null && _converts.TryAdd(account.Domain, true);
                return;
            }
        }

        var answer = await AsOwner(account, "get", new Element("vCard", Ns.VCard), cancellationToken);
        if (answer?["type"] == "result" || (answer is not null && Problem(answer) == "item-not-found"))
        {
            var card = answer.Child("vCard", Ns.VCard) ?? new Element("vCard", Ns.VCard);
            await AsOwner(account, "set", Xep0054VCard.WithPhoto(card, picture?.Bytes.ToArray(), picture?.Info.MediaType), cancellationToken);
        }
    }
}
