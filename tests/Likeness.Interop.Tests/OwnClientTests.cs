using System.Globalization;
using System.Threading.Channels;
using Likeness.Interop.Tests.Federation;
using Likeness.Interop.Tests.Hosting;
using Likeness.Xmpp;
using Likeness.Xmpp.Client;
using Likeness.Xmpp.Client.Avatars;
using Likeness.Xmpp.Payloads;
using Likeness.Xmpp.Xml;

namespace Likeness.Interop.Tests;

/// <summary>The client of the library on three servers, with clients that others wrote as the other resource of the same account and as a contact.</summary>
[Trait("Category", "Integration")]
public sealed class OwnClientTests(ChatNames names) : IClassFixture<ChatNames>
{
    private const string RedId = "58a8ca82092f68cfa7768eb2c097879aa6bdc556";
    private const string BlueId = "ed8a20056b09d4b42afc6c20670a5b5e896fabcc";
    private static readonly byte[] Red = Convert.FromBase64String("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR42mP4z8AAAAMBAQD3A0FDAAAAAElFTkSuQmCC");
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    [Theory]
    [Trait("Requirement", "X84-2")]
    [Trait("Requirement", "X398-20")]
    [InlineData("likeness", "slixmpp")]
    [InlineData("likeness", "aioxmpp")]
    [InlineData("prosody", "slixmpp")]
    [InlineData("prosody", "aioxmpp")]
    [InlineData("ejabberd", "aioxmpp")]
    public async Task Pictures_go_both_ways_and_away_with_other_clients_beside_it(string kind, string library)
    {
        await using var server = ChatServer.Make(kind, names, isSigned: true);
        await server.Start();
        await server.AddUser("juliet");
        await server.AddUser("romeo");
        await using var juliet = await XmppClient.Connect(server.Login("juliet") with { Abilities = Abilities });
        await using var romeo = await XmppClient.Connect(server.Login("romeo") with { Abilities = Abilities });
        var own = await OwnAvatar.Begin(juliet);
        own.HasNodes.ShouldBeTrue();
        await using var follower = await AvatarFollower.Begin(romeo);
        var shown = Channel.CreateUnbounded<FollowedAvatar>();
        follower.Changed += avatar => shown.Writer.TryWrite(avatar);
        await juliet.Roster.Load();
        await juliet.Send(new Element("presence", Ns.Client));
        await romeo.Send(new Element("presence", Ns.Client));
        await Stage.Befriend(juliet, romeo);

        // Ours to theirs.
        (await own.Set(Red)).ShouldBe(RedId);
        await Shown(RedId);
        await Act("romeo", "see", juliet.Address.BareText, RedId);

        // Theirs, as the other resource of the same account, to ours: by the nodes, and by the vCard.
        await Act("juliet", "publish-pep");
        await Shown(BlueId);
        await own.Set(Red);
        await Shown(RedId);
        await Act("juliet", "publish-vcard");
        await Shown(BlueId);

        // Away, by either side.
        await own.Clear();
        await Shown(null);
        await Act("romeo", "see", juliet.Address.BareText, "none");
        if (kind == "ejabberd")
        {
            // Of a picture that comes back after it was taken away, Debian's ejabberd says in presence that there is none.
            return;
        }

        await own.Set(Red);
        await Shown(RedId);
        await Act("juliet", "clear-pep");
        await Shown(null);

        async Task Shown(string? id)
        {
            using var late = new CancellationTokenSource(Timeout);
            try
            {
                while (true)
                {
                    var avatar = await shown.Reader.ReadAsync(late.Token);
                    if (avatar.Of == juliet.Address.Bare && avatar.Id == id && avatar.Knowledge == (id is null ? AvatarKnowledge.None : AvatarKnowledge.Picture))
                    {
                        return;
                    }
                }
            }
            catch (OperationCanceledException tooLate)
            {
                throw new TimeoutException($"romeo sees {follower[juliet.Address.Bare]}, and was to see {id ?? "nothing"}.\n{server.Log[^Math.Min(server.Log.Length, 4000)..]}", tooLate);
            }
        }

        async Task Act(string name, params string[] act)
        {
            var login = server.Login(name);
            string[] arguments = [login.Host!, login.Port.ToString(CultureInfo.InvariantCulture), $"{login.Account.BareText}/{library}", login.Password!, .. act];
            var ran = await ExternalProgram.Run("/usr/bin/python3", [Path.Combine(AppContext.BaseDirectory, "Clients", $"{library}_act.py"), .. arguments]);
            ran.Code.ShouldBe(0, $"{string.Join(' ', act)}\n{ran.Shown}");
        }
    }

    private static DiscoInfo Abilities { get; } = new([new DiscoIdentity("client", "pc", "Likeness")], [Ns.Caps, Ns.DiscoInfo, AvatarFollower.Feature]);
}
