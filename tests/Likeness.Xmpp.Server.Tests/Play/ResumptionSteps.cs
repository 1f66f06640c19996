using System.Text;
using Likeness.Xmpp.Server.Connections;
using Likeness.Xmpp.Server.Sessions;
using Likeness.Xmpp.Server.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace Likeness.Xmpp.Server.Tests.Play;

/// <summary>Streams that are acknowledged, cut and resumed.</summary>
internal static class ResumptionSteps
{
    public static readonly Step[] All =
    [
        new("* authenticates", (scene, words, _) => Authenticate(scene, words[0])),
        new("* can be resumed", (scene, words, _) => Enable(scene, words[0])),
        new("* acknowledges nothing", (scene, words, _) => Task.FromResult(scene.Actor(words[0]).Acknowledges = false)),
        new("*'s line is cut", (scene, words, _) => Cut(scene, words[0])),
        new("* is deaf and dumb", (scene, words, _) => Task.FromResult(scene.Actor(words[0]).IsBound = false)),
        new("* comes back having missed *", (scene, words, _) => ComeBack(scene, words[0], uint.Parse(words[1]))),
        new("* can be woken by * services", (scene, words, _) => CanBeWoken(scene, words[0], int.Parse(words[1]))),
        new("* comes back", (scene, words, _) => ComeBack(scene, words[0], 0)),
    ];

    private static async Task Enable(Scene scene, string name)
    {
        var actor = scene.Actor(name);
        await actor.Send($"<enable xmlns='{Ns.StreamManagement}' resume='true'/>");
        while (actor.StreamId is null)
        {
            var element = await actor.Receive() ?? throw new TranscriptException("The stream is over.");
            if (element.Namespace != Ns.StreamManagement)
            {
                throw new TranscriptException($"Forget what {name} received before its stream is managed: {element}");
            }
        }

        scene.Placeholders.Matches($"{{stream of {name}}}", actor.StreamId);
    }

    private static async Task<Actor> Authenticate(Scene scene, string name)
    {
        var actor = await scene.Connect(name);
        await actor.OpenStream();
        await actor.Receive();
        var plain = Convert.ToBase64String(Encoding.UTF8.GetBytes($"\0{name.Split('/')[0]}\0{TestCredentials.Password}"));
        await actor.Send($"<auth xmlns='{Ns.Sasl}' mechanism='PLAIN'>{plain}</auth>");
        await actor.Receive();
        await actor.OpenStream();
        await actor.Receive();
        return actor;
    }

    // What a service answers is taken in behind its back.
    private static async Task CanBeWoken(Scene scene, string name, int services)
    {
        var server = await scene.Server();
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while ((await server.Stores.Push.Load(new Identity(CastSteps.Address(name)), limit.Token)).Count != services)
        {
            await Task.Yield();
        }
    }

    // The play goes on when the server has noticed.
    private static async Task Cut(Scene scene, string name)
    {
        await scene.FenceAll();
        var session = await Session(scene, name);
        scene.Actor(name).Cut();
        var away = ((Binding)(await scene.Server()).Services.GetRequiredService<ISessionBinder>()).Away;
        await Until(session, session => session.IsAway && away.All().Contains(session));
    }

    private static async Task<Session> Session(Scene scene, string name)
    {
        var accounts = (await scene.Server()).Services.GetRequiredService<AccountDirectory>();
        var parts = name.Split('/');
        return accounts.FindLoaded(CastSteps.Address(parts[0]))?.SessionOf(parts[1]) ?? throw new TranscriptException($"{name} has no session.");
    }

    private static async Task Until(Session session, Func<Session, bool> so)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!so(session))
        {
            limit.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    private static async Task ComeBack(Scene scene, string name, uint missed)
    {
        var former = scene.Actor(name);
        var actor = await Authenticate(scene, name);
        actor.GoOn(former, missed);
        await actor.Send($"<resume xmlns='{Ns.StreamManagement}' previd='{actor.StreamId}' h='{actor.Received}'/>");
        var answer = await actor.Receive();
        if (answer?.Is("resumed", Ns.StreamManagement) != true)
        {
            throw new TranscriptException($"{name} was to come back; received {answer}");
        }
    }
}
