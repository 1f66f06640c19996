using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Likeness.Xmpp.Payloads;
using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Client.Avatars;

/// <summary>Publishes the own avatar (XEP-0084 §3).</summary>
public sealed class AvatarPublisher(XmppClient client)
{
    /// <summary>More is refused by many servers and slow on all.</summary>
    public const int MaxBytes = 64 * 1024;

    /// <summary>The application-specific condition of a server that wants a smaller picture (XEP-0060 §7.1.3.6).</summary>
    internal const string TooBig = "payload-too-big";

    private const int MaxRequestBytes = 100 * 1000;
    private const string Open = "open";

    /// <summary>Whether the account offers personal eventing.</summary>
    public async Task<bool> IsSupported(CancellationToken cancellationToken = default)
    {
        var iq = new Element("iq", Ns.Client).Set("type", "get").Set("to", client.Address.BareText).Add(new Element("query", Ns.DiscoInfo));
        var answer = await client.Request(iq, cancellationToken);
        return answer.Child("query", Ns.DiscoInfo) is { } query && DiscoInfo.Read(query)!.Is("pubsub", "pep");
    }

    /// <summary>Publishes the data, then the metadata that names it.</summary>
    /// <param name="png">A PNG picture of at most <see cref="MaxBytes"/>.</param>
    /// <param name="accessModel">Who may see it: <c>open</c>, which rooms need, or <c>presence</c>.</param>
    /// <param name="links">Other renditions that can be fetched by HTTPS.</param>
    /// <returns>The id: SHA-1 of the bytes in lower-case hexadecimal.</returns>
    /// <exception cref="ArgumentException">The bytes are no PNG, or too many.</exception>
    /// <exception cref="StanzaErrorException">The server refused.</exception>
    public async Task<string> Publish(byte[] png, string accessModel = Open, IEnumerable<AvatarInfo>? links = null, CancellationToken cancellationToken = default)
    {
        var (width, height) = SizeOfPng(png);
        var id = Xep0084UserAvatar.IdOf(png);
        var info = new AvatarInfo(id, "image/png", png.Length, width, height);
        await PublishItem(Ns.AvatarData, id, Xep0084UserAvatar.Data(png), accessModel, cancellationToken);
        await PublishItem(Ns.AvatarMetadata, id, Xep0084UserAvatar.Metadata([info, .. links ?? []]), accessModel, cancellationToken);
        return id;
    }

    /// <summary>Says that there is no avatar any more.</summary>
    public Task Disable(CancellationToken cancellationToken = default)
    {
        var item = new Element("item", Ns.PubSub).Add(Xep0084UserAvatar.Metadata());
        return client.Request(Request(new Element("publish", Ns.PubSub).Set("node", Ns.AvatarMetadata).Add(item)), cancellationToken);
    }

    /// <summary>Who may see it: both nodes get this access model (<c>open</c>, <c>presence</c>, <c>whitelist</c>, …).</summary>
    /// <exception cref="StanzaErrorException">The server refused; <c>item-not-found</c>: nothing was ever published.</exception>
    public async Task SetAccess(string accessModel, CancellationToken cancellationToken = default)
    {
        // What is to be seen by fewer is closed in the order that shows least meanwhile.
        foreach (var node in new[] { Ns.AvatarMetadata, Ns.AvatarData })
        {
            await Configure(node, [FormField.Of("pubsub#access_model", accessModel)], cancellationToken);
        }
    }

    /// <summary>The access model of the metadata node; null: there is no node, or the server does not say.</summary>
    public async Task<string?> Access(CancellationToken cancellationToken = default)
    {
        var iq = new Element("iq", Ns.Client).Set("type", "get").Add(new Element("pubsub", Ns.PubSubOwner).Add(new Element("configure", Ns.PubSubOwner).Set("node", Ns.AvatarMetadata)));
        try
        {
            var answer = await client.Request(iq, cancellationToken);
            return answer.Child("pubsub", Ns.PubSubOwner)?.Child("configure") is { } configure ? DataForm.Find(configure, Ns.PubSubNodeConfig)?["pubsub#access_model"] : null;
        }
        catch (StanzaErrorException)
        {
            return null;
        }
    }

    /// <summary>What the account's metadata say now; empty: there is no avatar.</summary>
    /// <exception cref="StanzaErrorException">The server refused.</exception>
    public async Task<IReadOnlyList<AvatarInfo>> Published(CancellationToken cancellationToken = default)
    {
        try
        {
            var items = new Element("items", Ns.PubSub).Set("node", Ns.AvatarMetadata).Set("max_items", "1");
            var answer = await client.Request(new Element("iq", Ns.Client).Set("type", "get").Add(new Element("pubsub", Ns.PubSub).Add(items)), cancellationToken);
            return Xep0084UserAvatar.LastMetadata(answer.Child("pubsub", Ns.PubSub)?.Child("items")) ?? [];
        }
        catch (StanzaErrorException none) when (none.Condition.Name == "item-not-found")
        {
            return [];
        }
    }

    private async Task PublishItem(string node, string id, Element payload, string accessModel, CancellationToken cancellationToken)
    {
        var access = FormField.Of("pubsub#access_model", accessModel);
        FormField[] all = node == Ns.AvatarMetadata
            ? [access, FormField.Of("pubsub#persist_items", "true"), FormField.Of("pubsub#max_items", "1")]
            : [access, FormField.Of("pubsub#persist_items", "true")];
        var publish = new Element("publish", Ns.PubSub).Set("node", node).Add(new Element("item", Ns.PubSub).Set("id", id).Add(payload));
        try
        {
            await PublishItem(node, publish, all, cancellationToken);
        }
        catch (StanzaErrorException refused) when (MayBeTheOptions(refused))
        {
            // Not every server knows every option. Without any it may be seen by fewer than was meant, or by more.
            try
            {
                await PublishItem(node, publish, [access], cancellationToken);
            }
            catch (StanzaErrorException again) when (accessModel == Open && MayBeTheOptions(again))
            {
                await client.Request(Request(publish), cancellationToken);
            }
        }
    }

    // ejabberd says resource-constraint of an option it does not know.
    private static bool MayBeTheOptions(StanzaErrorException refused) =>
        refused.Detail?.Name != TooBig && refused.Condition.Name is not ("forbidden" or "not-authorized" or "remote-server-not-found" or "remote-server-timeout");

    // A node that is configured otherwise is configured first (XEP-0060 §7.1.5).
    private async Task PublishItem(string node, Element publish, FormField[] options, CancellationToken cancellationToken)
    {
        var form = new DataForm("submit", Ns.PubSubPublishOptions, options);
        var request = Request(publish, new Element("publish-options", Ns.PubSub).Add(form.ToElement()));
        CheckSize(request);
        try
        {
            await client.Request(request, cancellationToken);
        }
        catch (StanzaErrorException refused) when (refused.Condition.Name == "conflict" || refused.Detail?.Name == "precondition-not-met")
        {
            await Configure(node, options, cancellationToken);
            await client.Request(request, cancellationToken);
        }
    }

    private Task Configure(string node, FormField[] options, CancellationToken cancellationToken)
    {
        var form = new DataForm("submit", Ns.PubSubNodeConfig, options);
        var configure = new Element("configure", Ns.PubSubOwner).Set("node", node).Add(form.ToElement());
        var iq = new Element("iq", Ns.Client).Set("type", "set").Add(new Element("pubsub", Ns.PubSubOwner).Add(configure));
        return client.Request(iq, cancellationToken);
    }

    private static Element Request(Element publish, Element? publishOptions = null) =>
        new Element("iq", Ns.Client).Set("type", "set").Add(new Element("pubsub", Ns.PubSub).Add(publish).Add(publishOptions));

    // A stanza over the server's limit would end the stream (XEP-0478).
    private void CheckSize(Element request)
    {
        var announced = client.Features.Child("limits", Ns.StreamLimits)?.Child("max-bytes")?.Text();
        var most = int.TryParse(announced, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) ? limit : MaxRequestBytes;
        var bytes = Encoding.UTF8.GetByteCount(request.ToString());
        if (bytes > most)
        {
            throw new ArgumentException($"The request would have {bytes} bytes, and the server takes {most}. Make the picture smaller.");
        }
    }

    private static (int Width, int Height) SizeOfPng(ReadOnlySpan<byte> png)
    {
        if (png.Length > MaxBytes)
        {
            throw new ArgumentException($"The picture has {png.Length} bytes; at most {MaxBytes} are published.");
        }

        ReadOnlySpan<byte> signature = [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];
        return png.Length >= 24 && png.StartsWith(signature) && png.Slice(12, 4).SequenceEqual("IHDR"u8)
            ? (BinaryPrimitives.ReadInt32BigEndian(png[16..]), BinaryPrimitives.ReadInt32BigEndian(png[20..]))
            : throw new ArgumentException("The picture is no PNG; XEP-0084 allows no other format in band.");
    }
}
