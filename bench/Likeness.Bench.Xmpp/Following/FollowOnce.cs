using System.Globalization;
using System.Net;
using Likeness.Bench.Xmpp.Sessions;
using Likeness.Xmpp;
using Likeness.Xmpp.Client;
using Likeness.Xmpp.Client.Avatars;
using Likeness.Xmpp.Xml;

namespace Likeness.Bench.Xmpp.Following;

/// <summary>Follows pictures until it is ended, with a folder for those that are known: the client that <c>bench/xmpp/known-avatars</c> counts.</summary>
static class FollowOnce
{
    /// <param name="words">The folder and the port on loopback.</param>
    public static async Task Run(string[] words)
    {
        var target = new Target(new IPEndPoint(IPAddress.Loopback, int.Parse(words[1], CultureInfo.InvariantCulture)), "localhost");
        await using var client = await XmppClient.Connect(Followed.OptionsOf(target, 0) with { Account = Jid.Parse("me@localhost") });
        await using var follower = await AvatarFollower.Begin(client, new AvatarFollowerOptions { Cache = new AvatarCache(words[0]) });
        await client.Send(new Element("presence", Ns.Client));
        await client.Ended;
    }
}
