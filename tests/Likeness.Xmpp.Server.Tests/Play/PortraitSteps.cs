using Likeness.Xmpp.Server.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Likeness.Xmpp.Server.Tests.Play;

/// <summary>What happens to portraits outside the chat: on the web page, by REST, by command.</summary>
internal static class PortraitSteps
{
    public static readonly Step[] All =
    [
        new("*'s portrait is set on the web", (scene, words, block) => Set(scene, words[0], block)),
        new("*'s portrait is removed on the web", (scene, words, _) => Remove(scene, words[0])),
        new("*'s portrait is for *", (scene, words, _) => Show(scene, words[0], words[1])),
        new("*'s portrait is locked", (scene, words, _) => Lock(scene, words[0], clear: false)),
        new("*'s portrait is changed by another server", (scene, words, block) => SetElsewhere(scene, words[0], block)),
        new("*'s portrait is locked and cleared", (scene, words, _) => Lock(scene, words[0], clear: true)),
        new("*'s portrait is unlocked", (scene, words, _) => Unlock(scene, words[0])),
        new("the picture * is blocked", (scene, words, _) => Block(scene, words[0])),
    ];

    public static async Task Set(Scene scene, string name, string base64)
    {
        await scene.FenceAll();
        var picture = Picture.Of(Convert.FromBase64String(base64), "image/png", 64, 64);
        var master = Picture.Of("the large original"u8.ToArray(), "image/jpeg", 1024, 1024);
        var link = new PictureLink("https://localhost/avatar/large.webp", master.Id.Hex, "image/webp", 5000, 512, 512);
        await (await Book(scene)).Set(IdentityOf(name), new NewPortrait { Picture = picture, Master = master, Links = [link] }, new(Origin.Api));
    }

    // Another process on the same database, of which this one is told.
    private static async Task SetElsewhere(Scene scene, string name, string base64)
    {
        await scene.FenceAll();
        var server = await scene.Server();
        var elsewhere = new PortraitBook(
            server.Stores.Portraits, server.Services.GetRequiredService<DomainPolicies>(), server.Clock, NullLogger<PortraitBook>.Instance);
        var picture = Picture.Of(Convert.FromBase64String(base64), "image/png", 64, 64);
        await elsewhere.Set(IdentityOf(name), new NewPortrait { Picture = picture }, new(Origin.Api));
        await (await Book(scene)).Refresh(IdentityOf(name));
    }

    private static async Task Remove(Scene scene, string name)
    {
        await scene.FenceAll();
        await (await Book(scene)).Clear(IdentityOf(name), new(Origin.Api));
    }

    // "juliet's portrait is for Nobody"
    public static async Task Show(Scene scene, string name, string visibility)
    {
        await scene.FenceAll();
        await (await Book(scene)).SetVisibility(IdentityOf(name), Enum.Parse<Visibility>(visibility), new(Origin.Api));
    }

    private static async Task Lock(Scene scene, string name, bool clear)
    {
        await scene.FenceAll();
        await (await Book(scene)).SetLock(IdentityOf(name), new PortraitLock("no logos", default), new(Origin.Command), clear);
    }

    private static async Task Unlock(Scene scene, string name)
    {
        await scene.FenceAll();
        await (await Book(scene)).SetLock(IdentityOf(name), null, new(Origin.Command));
    }

    private static async Task Block(Scene scene, string id)
    {
        await scene.FenceAll();
        (await scene.Server()).Services.GetRequiredService<TestGuard>().Block(new PictureId(id));
    }

    private static async Task<PortraitBook> Book(Scene scene) => (await scene.Server()).Services.GetRequiredService<PortraitBook>();

    private static Identity IdentityOf(string name) => new(CastSteps.Address(name));
}
