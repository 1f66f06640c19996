using Likeness.Stores;
using Likeness.Xmpp.Server.Accounts;
using Likeness.Xmpp.Server.Features.Avatars;
using Likeness.Xmpp.Server.Routing;
using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Server.Features;

/// <summary>XEP-0054 vcard-temp 1.3.0: the fields are stored, PHOTO is a view of the portrait.</summary>
internal sealed class Xep0054VCard(
    PortraitBook book,
    IStores stores,
    DomainPolicies policies,
    XmppServerOptions options,
    VCardAnswers answers) : IFeature
{
    private const int MaxElements = 4000;
    private static readonly byte[] EmptyVCard = "<vCard xmlns='vcard-temp'/>"u8.ToArray();

    public void Register(FeatureRegistry registry)
    {
        registry.ServerFeatures.Add(Ns.VCard);
        registry.AccountFeatures.Add(Ns.VCard);
        registry.OnPreparedIq("vCard", Ns.VCard, Get);
        registry.OnOwnIq("set", "vCard", Ns.VCard, Set);
    }

    // X54-3, X54-7: an own vCard that is missing is empty; another's looks like that of nobody.
    private ValueTask<byte[]> Get(IqRequest request)
    {
        var account = request.Account;
        var visibility = account.Portrait.VisibilityOr(policies.For(account.Jid.Domain).DefaultVisibility);
        var answer = answers.Get(account, AvatarAccess.MaySee(account, visibility, request.From));
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
        var document = new AccountDocument(account.Identity, VCardDocument.Kind, "", Content(fields));
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
            await book.Set(account.Identity, new NewPortrait { Picture = Decode(account, base64), Alongside = [new StoreWrite.Document(document)] }, cause);
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

    private Picture Decode(Account account, string base64)
    {
        var picture = ChatPicture.Decode(
            base64,
            policies.For(account.Jid.Domain).LargestChatPicture,
            text => new StanzaErrorException(StanzaCondition.NotAcceptable, text),
            text => new StanzaErrorException(StanzaCondition.BadRequest, text));
        return picture.Info.MediaType == ChatPicture.Unknown
            ? throw new StanzaErrorException(StanzaCondition.NotAcceptable, "The PHOTO is no PNG, JPEG, GIF or WebP picture.")
            : picture;
    }

    // X54-12
    private string? Content(Element fields)
    {
        if (VCardDocument.IsEmpty(fields))
        {
            return null;
        }

        var content = ElementWriter.ToText(fields);
        if (content.Length > options.MaxVCardCharacters)
        {
            throw new StanzaErrorException(
                StanzaCondition.NotAcceptable,
                $"The vCard without its picture has {content.Length} characters; at most {options.MaxVCardCharacters} are allowed.");
        }

        return Count(fields) > MaxElements
            ? throw new StanzaErrorException(StanzaCondition.NotAcceptable, $"A vCard has at most {MaxElements} elements.")
            : content;
    }

    private static int Count(Element element) => 1 + element.Sum(Count);
}
