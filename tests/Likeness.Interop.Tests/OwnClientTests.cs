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

    [Theory]
    [Trait("Requirement", "X84-2")]
    [Trait("Requirement", "X398-20")]
    [InlineData("likeness", "slixmpp")]
    [InlineData("likeness", "aioxmpp")]
    [InlineData("prosody", "slixmpp")]
    [InlineData("prosody", "aioxmpp")]
    [InlineData("ejabberd", "slixmpp")]
    [InlineData("ejabberd", "aioxmpp")]
    public async Task Pictures_go_both_ways_and_away_with_other_clients_beside_it(string kind, string library)
    {
        await using var pair = await Pair.Meet(kind, names);

        // Ours to theirs.
        (await pair.Own.Set(Red)).ShouldBe(RedId);
        await pair.Shown(RedId);
        await pair.ToldAtLogin(library, RedId);

        // Theirs, as the other resource of the same account, to ours: by the nodes, and by the vCard.
        await pair.Act(library, "juliet", "publish-pep");
        await pair.Shown(BlueId);
        await pair.Own.Set(Red);
        await pair.Shown(RedId);
        await pair.Act(library, "juliet", "publish-vcard");
        await pair.Shown(BlueId);

        // Away, by either side.
        await pair.Own.Clear();
        await pair.Shown(null);
        await pair.ToldAtLogin(library, "none");
        if (kind == "ejabberd")
        {
            // Of a picture that comes back after it was taken away, Debian's ejabberd says in presence that there is none.
            return;
        }

        await pair.Own.Set(Red);
        await pair.Shown(RedId);
        await pair.Act(library, "juliet", "clear-pep");
        await pair.Shown(null);
    }

    [Theory]
    [Trait("Requirement", "X84-2")]
    [Trait("Requirement", "X84-21")]
    [InlineData("likeness")]
    [InlineData("prosody")]
    [InlineData("ejabberd")]
    public async Task Pictures_go_both_ways_and_away_with_Profanity_beside_it(string kind)
    {
        await using var pair = await Pair.Meet(kind, names);
        await using (var seeing = pair.Begin("profanity", "romeo", "see", pair.Juliet, RedId))
        {
            await seeing.Until("ok listens");
            await pair.Own.Set(Red);
            await pair.Shown(RedId);
            await seeing.Until("ok has the picture");
        }

        // Profanity writes the picture anew, and calls it img/png; it has no command to take one away.
        var published = await pair.Act("profanity", "juliet", "publish");
        await pair.Shown(published.Lines.Single(line => line.StartsWith("id ", StringComparison.Ordinal))[3..]);
        await pair.Own.Clear();
        await pair.Shown(null);
        await pair.ToldAtLogin("profanity", "none");
    }

    /// <summary>Juliet publishes and romeo, a contact of hers, follows, both with the library's client.</summary>
    private sealed class Pair(ChatServer server, XmppClient juliet, XmppClient romeo, OwnAvatar own, AvatarFollower follower) : IAsyncDisposable
    {
        private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);
        private static readonly DiscoInfo Abilities = new([new DiscoIdentity("client", "pc", "Likeness")], [Ns.Caps, Ns.DiscoInfo, AvatarFollower.Feature]);
        private readonly Channel<FollowedAvatar> _shown = Channel.CreateUnbounded<FollowedAvatar>();

        public OwnAvatar Own => own;

        public string Juliet => juliet.Address.BareText;

        public static async Task<Pair> Meet(string kind, ChatNames names)
        {
            var server = ChatServer.Make(kind, names, isSigned: true);
            await server.Start();
            await server.AddUser("juliet");
            await server.AddUser("romeo");
            var juliet = await XmppClient.Connect(server.Login("juliet") with { Abilities = Abilities });
            var romeo = await XmppClient.Connect(server.Login("romeo") with { Abilities = Abilities });
            var own = await OwnAvatar.Begin(juliet);
            own.HasNodes.ShouldBeTrue();
            var pair = new Pair(server, juliet, romeo, own, await AvatarFollower.Begin(romeo));
            pair.Follow();
            await juliet.Roster.Load();
            await juliet.Send(new Element("presence", Ns.Client));
            await romeo.Send(new Element("presence", Ns.Client));
            await Stage.Befriend(juliet, romeo);

            // ejabberd notes what a contact wants to hear when presence comes, if the subscription is mutual by then.
            await romeo.Send(new Element("presence", Ns.Client).Add("show", "chat"));
            await juliet.Expect(stanza => stanza.Child("show")?.Text() == "chat");
            return pair;
        }

        /// <summary>Romeo is shown this picture of juliet; null: that there is none.</summary>
        public async Task Shown(string? id)
        {
            using var late = new CancellationTokenSource(Timeout);
            try
            {
                while (true)
                {
                    var avatar = await _shown.Reader.ReadAsync(late.Token);
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

        /// <summary>Somebody does something with another program.</summary>
        public async Task<Ran> Act(string program, string name, params string[] act)
        {
            var ran = await Run(program, name, act);
            ran.Code.ShouldBe(0, $"{string.Join(' ', act)}\n{ran.Shown}\nThe server said:\n{server.Log[^Math.Min(server.Log.Length, 4000)..]}");
            return ran;
        }

        /// <summary>
        /// Romeo logs in with another program and is told of this picture of juliet. On a busy machine ejabberd 23.01 forgets to: what its
        /// <c>presence_probe</c> sends reaches her session before romeo's presence, in which it says that he wants to hear it. He logs in again, then.
        /// </summary>
        public async Task ToldAtLogin(string program, string id)
        {
            for (var tries = server is EjabberdServer ? 4 : 0; tries > 0; tries--)
            {
                if ((await Run(program, "romeo", ["see", Juliet, id])).Code == 0)
                {
                    return;
                }
            }

            await Act(program, "romeo", "see", Juliet, id);
        }

        /// <summary>Somebody begins to do something with another program, which tells how far it is.</summary>
        public Telling Begin(string program, string name, params string[] act) => ExternalProgram.Begin("/usr/bin/python3", Arguments(program, name, act));

        public async ValueTask DisposeAsync()
        {
            await follower.DisposeAsync();
            await juliet.DisposeAsync();
            await romeo.DisposeAsync();
            await server.DisposeAsync();
        }

        private Task<Ran> Run(string program, string name, string[] act) => ExternalProgram.Run("/usr/bin/python3", Arguments(program, name, act));

        private string[] Arguments(string program, string name, string[] act)
        {
            var login = server.Login(name);
            return
            [
                Path.Combine(AppContext.BaseDirectory, "Clients", $"{program}_act.py"), login.Host!, login.Port.ToString(CultureInfo.InvariantCulture),
                $"{login.Account.BareText}/{program}", login.Password!, .. act,
            ];
        }

        private void Follow() => follower.Changed += avatar => _shown.Writer.TryWrite(avatar);
    }
}
