namespace Likeness.Xmpp.Server.Tests.Play;

/// <summary>The server's clock stands still but for these lines.</summary>
internal static class TimeSteps
{
    public static readonly Step[] All =
    [
        new("a second passes", (scene, _, _) => Pass(scene, TimeSpan.FromSeconds(1))),
        new("a minute passes", (scene, _, _) => Pass(scene, TimeSpan.FromMinutes(1))),
        new("* seconds pass", (scene, words, _) => Pass(scene, TimeSpan.FromSeconds(int.Parse(words[0])))),
        new("* minutes pass", (scene, words, _) => Pass(scene, TimeSpan.FromMinutes(int.Parse(words[0])))),
        new("* days pass", (scene, words, _) => Pass(scene, TimeSpan.FromDays(int.Parse(words[0])))),
        new("* hours pass", (scene, words, _) => Pass(scene, TimeSpan.FromHours(int.Parse(words[0])))),
    ];

    private static async Task Pass(Scene scene, TimeSpan span)
    {
        await scene.FenceAll();
        (await scene.Server()).Clock.Advance(span);
    }
}
