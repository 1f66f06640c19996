using Likeness.Imaging;
using Likeness.Stores;

namespace Likeness.Xmpp.Server.Routing;

/// <summary>How a client is told what the domain refused.</summary>
internal static class StanzaErrors
{
    /// <summary>Null: the exception is no refusal but a bug.</summary>
    public static StanzaErrorException? Of(Exception exception) => exception switch
    {
        PortraitLockedException => new StanzaErrorException(StanzaCondition.NotAllowed, exception.Message),
        PictureBlockedException => new StanzaErrorException(StanzaCondition.NotAcceptable, exception.Message),
        RenderUnavailableException => new StanzaErrorException(StanzaCondition.ResourceConstraint, "The picture cannot be checked just now; try again later."),
        StoreUnavailableException { IsFull: true } => new StanzaErrorException(StanzaCondition.ResourceConstraint, "The server has no room to store this."),
        StoreUnavailableException => new StanzaErrorException(StanzaCondition.ResourceConstraint, "The server cannot reach its database just now; try again later."),
        AccountGoneException => new StanzaErrorException(StanzaCondition.ServiceUnavailable),
        _ => null,
    };
}
