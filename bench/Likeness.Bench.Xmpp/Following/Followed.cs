using System.Diagnostics;
using System.Net;
using Likeness.Bench.Xmpp.People;
using Likeness.Bench.Xmpp.Results;
using Likeness.Bench.Xmpp.Scenarios;
using Likeness.Bench.Xmpp.Sessions;
using Likeness.Xmpp;
using Likeness.Xmpp.Client;
using Likeness.Xmpp.Client.Avatars;
using Likeness.Xmpp.Payloads;
using Likeness.Xmpp.Xml;

namespace Likeness.Bench.Xmpp.Following;

/// <summary>
/// The library's own client at both ends: somebody sets an 8 KB picture, and it is done when each of the 20 contacts has heard of it,
/// fetched it, verified it and shows it. One picture after the other.
/// </summary>
sealed class Followed(string name) : IScenario
{
    static readonly TimeSpan limit = TimeSpan.FromSeconds(20);

    public string Name => name;

    public string Unit => "followed/s";

    public async Task<Measurement> Run(Stage stage)
    {
        var load = new Load();
        var contacts = stage.Population.ContactsOf(0).ToArray();
        var clients = await Crowd.Each([0, .. contacts], atOnce: 8, user => XmppClient.Connect(OptionsOf(stage.Target, user)));
        var followers = new List<AvatarFollower>();
        try
        {
            var publisher = clients[0];
            var publication = new Shown(publisher.Address.Bare, contacts.Length);
            foreach (var client in clients.Skip(1))
            {
                var follower = await AvatarFollower.Begin(client);
                follower.Changed += publication.Take;
                followers.Add(follower);
            }

            var own = await OwnAvatar.Begin(publisher);
            await publisher.Roster.Load();

            // Twice: ejabberd notes what contacts want to hear when their presence comes to somebody who is there.
            for (var time = 0; time < 2; time++)
            {
                foreach (var client in clients)
                    await client.Send(new Element("presence", Ns.Client).Add("priority", $"{time}"));
                foreach (var client in clients)
                    await client.Request(new Element("iq", Ns.Client).Set("type", "get").Add(new Element("query", Ns.Roster)));
            }

            var publishing = Publish(own, publication, load);
            var measured = await load.Measure(stage);
            await publishing;
            load.Check();
            return measured;
        }
        finally
        {
            foreach (var follower in followers)
                await follower.DisposeAsync();
            foreach (var client in clients)
                await client.DisposeAsync();
        }
    }

    /// <summary>How the driver's people log in with the library's client.</summary>
    public static XmppClientOptions OptionsOf(Target target, int user) => new()
    {
        Account = Jid.Parse(target.FullAddress(user)),
        Password = Population.Password,
        Host = ((IPEndPoint)target.Server).Address.ToString(),
        Port = ((IPEndPoint)target.Server).Port,
        RequireTls = false,
        AcceptCertificate = XmppClientOptions.AcceptAny,
        Reconnects = false,
        Abilities = new DiscoInfo([new DiscoIdentity("client", "pc", "bench")], [Ns.Caps, Ns.DiscoInfo, AvatarFollower.Feature]),
    };

    static async Task Publish(OwnAvatar own, Shown publication, Load load)
    {
        var picture = new AvatarPicture(52);
        try
        {
            for (var serial = 1; !load.Over; serial++)
            {
                var (base64, id) = picture.Print(serial);
                var shown = publication.Expect(id);
                var startedAt = Stopwatch.GetTimestamp();
                await own.Set(Convert.FromBase64String(base64), "open");
                await shown.WaitAsync(limit);
                load.Took(startedAt);
                load.Count();
            }
        }
        catch (Exception failed)
        {
            load.Fail($"a picture was not shown by all: {failed.Message} ({publication.Missing} are missing)");
        }
    }

    /// <summary>Who shows the picture of the moment.</summary>
    sealed class Shown(Jid publisher, int audience)
    {
        readonly Lock turn = new();
        TaskCompletionSource all = new();
        string id = "";

        public int Missing { get; private set; }

        public Task Expect(string next)
        {
            lock (turn)
            {
                (id, Missing, all) = (next, audience, new(TaskCreationOptions.RunContinuationsAsynchronously));
                return all.Task;
            }
        }

        public void Take(FollowedAvatar avatar)
        {
            lock (turn)
            {
                if (avatar.Id == id && avatar.Of == publisher && --Missing == 0)
                    all.SetResult();
            }
        }
    }
}
