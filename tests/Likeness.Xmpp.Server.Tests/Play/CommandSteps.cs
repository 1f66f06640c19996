using Likeness.Xmpp.Payloads;
using Likeness.Xmpp.Server.Features;
using Microsoft.Extensions.DependencyInjection;

namespace Likeness.Xmpp.Server.Tests.Play;

/// <summary>A command of the play: <c>greet</c>, for those whom the settings name; it asks for a name and refuses <c>nobody</c>.</summary>
internal static class CommandSteps
{
    public static readonly Step[] All =
    [
        new("there is a command that greets, for *", (scene, words, _) =>
        {
            var asker = CastSteps.Address(words[0]);
            scene.AddServices += services => services.AddSingleton<IAdHocCommands>(new Greeting(asker));
            return Task.CompletedTask;
        }),
    ];

    private sealed class Greeting(string asker) : IAdHocCommands
    {
        public IEnumerable<AdHocCommand> Commands => [new("greet", "Greet somebody", jid => jid.Text == asker, call => new(Greet(call.Form)))];

        private static CommandAnswer Greet(DataForm? form) => form?["name"] switch
        {
            null => CommandAnswer.Ask(new DataForm("form", null, [new FormField("name", [], "text-single", "Whom?") { IsRequired = true }]) { Title = "Greet" }),
            "nobody" => CommandAnswer.Failed("Nobody is there."),
            var name => CommandAnswer.Done($"Hello {name}"),
        };
    }
}
