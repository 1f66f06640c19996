using System.Buffers;
using Likeness.Stores;
using Likeness.Xmpp.Server.Avatars;
using Likeness.Xmpp.Server.Features.Avatars;
using Likeness.Xmpp.Server.Routing;
using Likeness.Xmpp.Server.Sessions;
using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Server.Features;

/// <summary>XEP-0054 vcard-temp 1.3.0: the fields are stored, PHOTO is a view of the portrait.</summary>
internal sealed class Xep0054VCards(
    PortraitBook book,
    IStores stores,
    DomainPolicies policies,
    AvatarService avatars,
    XmppServerOptions options,
    VCardAnswers answers) : IFeature
{
    private static readonly byte[] EmptyVCard = "<vCard xmlns='vcard-temp'/>"u8.ToArray();

    public void Register(FeatureRegistry registry)
    {
        registry.ServerFeatures.Add(Ns.VCard);
        registry.AccountFeatures.Add(Ns.VCard);
        registry.OnPreparedIq("vCard", Ns.VCard, Get);
        registry.OnOwnIq("set", "vCard", Ns.VCard, Set);
    }

    // XEP-0054 §3.1: an own vCard that is missing is empty; another's looks like that of nobody.
    private ValueTask<byte[]> Get(IqRequest request)
    {
        var account = request.Account;
        var view = account.State<AccountAvatar>().Views(account.Portrait, avatars).For(AccountAvatar.RelationOf(account, request.From));
        var answer = answers.Get(account, view.IsVisible);
        return answer.IsCompletedSuccessfully ? new(OrMissing(request, answer.Result)) : Wait(request, answer);
    }

    private static async ValueTask<byte[]> Wait(IqRequest request, ValueTask<byte[]?> answer) => OrMissing(request, await answer);

    private static byte[] OrMissing(IqRequest request, byte[]? vcard)
    {
        if (vcard is not null)
        {
            return vcard;
        }

        return request.IsOwn ? EmptyVCard : throw new StanzaErrorException(StanzaCondition.ServiceUnavailable);
    }

    private async ValueTask<Element?> Set(IqRequest request)
    {
        var account = request.Account;
        var fields = VCardDocument.Split(request.Payload, out var base64, out var isExternal);
        var document = new AccountDocument(account.Identity, VCardDocument.Kind, "", VCardDocument.Content(fields, options.MaxVCardBytes));
        try
        {
            await Save(account, document, base64, isExternal, request.From);
        }
        finally
        {
            answers.Forget(account);
        }

        return null;
    }

    private async ValueTask Save(Account account, AccountDocument document, string? base64, bool isExternal, Jid publisher)
    {
        var cause = new Cause(Origin.VCard, publisher.Text);
        if (base64 is not null)
        {
            await book.Set(account.Identity, new NewPortrait { Picture = VCardDocument.Photo(base64, policies.For(account.Jid.Domain).LargestChatPicture), Alongside = [new StoreWrite.Document(document)] }, cause);
        }
        else if (isExternal || IsWithoutPortrait(await book.Find(account.Identity)))
        {
            await stores.Documents.Save(document);
        }
        else
        {
            await book.Clear(account.Identity, cause, new Clearing { Alongside = [new StoreWrite.Document(document)] });
        }
    }

    // Nothing to clear; an avatar disabled by PEP stays as its publisher wrote it.
    private static bool IsWithoutPortrait(Portrait portrait) =>
        portrait is { Picture: null, Links.IsEmpty: true }
        && (portrait.Published is null || AvatarMetadata.IsDisabled(portrait.Published));
}

/// <summary>vCards as they go over the wire, serialised once for as long as neither portrait nor fields change; bounded by bytes for all accounts together.</summary>
internal sealed class VCardAnswers(PortraitBook book, IStores stores)
{
    private const long MaxBytes = 64 * 1024 * 1024;
    private readonly GenerationCache<string, Answer> _answers = new(MaxBytes, answer => answer.Bytes.Length + 512);

    /// <summary>The serialised vCard element; null when there is nothing to show: no fields and no picture to see.</summary>
    /// <param name="withPicture">The asker may see the portrait.</param>
    public ValueTask<byte[]?> Get(Account account, bool withPicture)
    {
        var stamp = account.State<Fields>().Stamp;
        var known = _answers.TryGet(Key(account, withPicture), out var answer)
            && ReferenceEquals(answer.Stamp, stamp)
            && answer.Version == account.Portrait.Version;
        return known ? new(Bytes(answer!)) : Make(account, withPicture, stamp);
    }

    /// <summary>The account's fields were changed.</summary>
    public void Forget(Account account)
    {
        account.State<Fields>().Stamp = new object();
        _answers.Remove(Key(account, true));
        _answers.Remove(Key(account, false));
    }

    private static byte[]? Bytes(Answer answer) => answer.Bytes.Length == 0 ? null : answer.Bytes;

    private static string Key(Account account, bool withPicture) =>
        withPicture ? account.Jid.BareText : account.State<Fields>().HiddenKey ??= account.Jid.BareText + "/";

    private async ValueTask<byte[]?> Make(Account account, bool withPicture, object stamp)
    {
        var portrait = account.Portrait;
        var content = (await stores.Documents.Find(account.Identity, VCardDocument.Kind, ""))?.Content;
        var picture = withPicture && portrait.Picture is { } info ? await book.Read(info.Id) : null;
        var bytes = content is null && picture is null ? [] : Serialise(content, picture);
        var answer = new Answer(stamp, portrait.Version, bytes);
        _answers.Set(Key(account, withPicture), answer);
        return Bytes(answer);
    }

    private static byte[] Serialise(string? content, Picture? picture)
    {
        var fields = content is null ? null : XmlStreamReader.ParseElement(content);
        var buffer = new ArrayBufferWriter<byte>(256 + ((picture?.Bytes.Length ?? 0) * 3 / 2) + (content?.Length ?? 0));
        ElementWriter.Write(buffer, VCardDocument.Compose(fields, picture), Ns.Client);
        return buffer.WrittenSpan.ToArray();
    }

    private sealed record Answer(object Stamp, long Version, byte[] Bytes);

    private sealed class Fields
    {
        private object _stamp = new();

        /// <summary>Replaced with every change of the fields: an answer made from older ones is recognised.</summary>
        public object Stamp
        {
            get => Volatile.Read(ref _stamp);
            set => Volatile.Write(ref _stamp, value);
        }

        public string? HiddenKey { get; set; }
    }
}
