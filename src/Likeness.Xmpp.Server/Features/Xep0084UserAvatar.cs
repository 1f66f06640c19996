using Likeness.Xmpp.Server.Accounts;
using Likeness.Xmpp.Server.Features.Avatars;
using Likeness.Xmpp.Server.Features.PubSub;

namespace Likeness.Xmpp.Server.Features;

/// <summary>XEP-0084 User Avatar 1.1.4: the two avatar nodes of every account. They hold nothing; what is published there becomes the portrait, and what is read there is the portrait.</summary>
internal sealed class Xep0084UserAvatar(AvatarWriter writer)
{
    /// <summary>The node when it is one of the two avatar nodes; else null.</summary>
    public IPepNode? Open(Account account, string node) => node switch
    {
        Ns.AvatarData => new AvatarDataNode(account, writer),
        Ns.AvatarMetadata => new AvatarMetadataNode(account, writer),
        _ => null,
    };
}
