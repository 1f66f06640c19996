using System.Net;
using Likeness.Imaging;
using Likeness.Xmpp.Client;
using Likeness.Xmpp.Payloads;

namespace Likeness.Cli.Demo;

/// <summary>What happens in the demo, step by step. Each step checks what it shows.</summary>
internal static class DemoStory
{
    public static IReadOnlyList<DemoStep> Steps { get; } =
    [
        new("A server starts on free ports, with an empty data directory", StartServer),
        new("likeness user add: Romeo and Juliet get accounts", AddUsers),
        new("Both log in by STARTTLS and SCRAM and become contacts", LogIn),
        new("Juliet publishes a picture from her chat client (XEP-0084)", Publish) { ShowsPicture = true },
        new("Romeo is notified, with the picture's hash", Notified),
        new("Her presence carries the same hash for older clients (XEP-0153)", PresenceHash),
        new("Her vCard has the same picture, byte for byte (XEP-0054)", VCard),
        new("The web shows it too, small …", (stage, cancellation) => Web(stage, 48, cancellation)),
        new("… and large", (stage, cancellation) => Web(stage, 256, cancellation)),
        new("likeness avatar clear: the operator takes it away", Clear),
        new("Romeo is told at once, by notification and by presence", ToldOfClearing),
        new("And the web shows nothing any more", GoneFromWeb),
    ];

    private static async Task<string> StartServer(DemoStage stage, CancellationToken cancellation)
    {
        await stage.OpenServer(cancellation);
        return $"web {stage.Addresses.Http[0]}, chat {stage.Addresses.Xmpp[0]}";
    }

    private static async Task<string> AddUsers(DemoStage stage, CancellationToken cancellation)
    {
        foreach (var name in (string[])["romeo", "juliet"])
        {
            await stage.Command(cancellation, "user", "add", $"{name}@{DemoStage.Domain}", "--password", DemoPerson.Password);
        }

        return (await stage.Command(cancellation, "user", "list")).ReplaceLineEndings(", ");
    }

    private static async Task<string> LogIn(DemoStage stage, CancellationToken cancellation)
    {
        stage.Romeo = await DemoPerson.Arrive("romeo", stage.Addresses.Xmpp[0], cancellation);
        stage.Juliet = await DemoPerson.Arrive("juliet", stage.Addresses.Xmpp[0], cancellation);
        await DemoPerson.Befriend(stage.Romeo, stage.Juliet, cancellation);
        return $"{stage.Romeo.Client.Address} and {stage.Juliet.Client.Address}";
    }

    private static async Task<string> Publish(DemoStage stage, CancellationToken cancellation)
    {
        stage.Picture = await DemoPicture.Png(cancellation);
        var id = await new AvatarPublisher(stage.Juliet.Client).Publish(stage.Picture, cancellation: cancellation);
        DemoFailedException.Unless(id == stage.Id.Hex, $"The picture was published as {id}.");
        return $"{stage.Picture.Length} bytes, id {id}";
    }

    private static async Task<string> Notified(DemoStage stage, CancellationToken cancellation)
    {
        var infos = await stage.Romeo.NextNotification(stage.Juliet, cancellation);
        DemoFailedException.Unless(infos.Any(info => info.Id == stage.Id.Hex), "The notification names another picture.");
        return $"{infos[0].Type}, {infos[0].Width} × {infos[0].Height}, id {infos[0].Id}";
    }

    private static async Task<string> PresenceHash(DemoStage stage, CancellationToken cancellation)
    {
        await stage.Romeo.PresenceWith(stage.Juliet, new PhotoUpdate(PhotoUpdateKind.Picture, stage.Id.Hex), cancellation);
        return stage.Id.Hex;
    }

    private static async Task<string> VCard(DemoStage stage, CancellationToken cancellation)
    {
        var photo = await stage.Romeo.PhotoOf(stage.Juliet, cancellation);
        DemoFailedException.Unless(photo.Bytes is not null && photo.Bytes.AsSpan().SequenceEqual(stage.Picture), "The vCard has another picture.");
        return $"{photo.Type}, {photo.Bytes!.Length} bytes";
    }

    private static async Task<string> Web(DemoStage stage, int size, CancellationToken cancellation)
    {
        var address = stage.AvatarOf(stage.Juliet, size);
        var (status, body, type) = await stage.Fetch(address, cancellation);
        DemoFailedException.Unless(status == HttpStatusCode.OK, $"The web answers {(int)status}.");
        DemoFailedException.Unless(
            ImageGate.TryIdentify(body, out var header) && header.Width == size && header.Height == size,
            "The web picture has another size.");
        return $"{address}\n{type}, {size} × {size}, {body.Length} bytes";
    }

    private static Task<string> Clear(DemoStage stage, CancellationToken cancellation) =>
        stage.Command(cancellation, "avatar", "clear", stage.Juliet.Account.BareText);

    private static async Task<string> ToldOfClearing(DemoStage stage, CancellationToken cancellation)
    {
        var infos = await stage.Romeo.NextNotification(stage.Juliet, cancellation);
        DemoFailedException.Unless(infos.Count == 0, "The notification still names a picture.");
        await stage.Romeo.PresenceWith(stage.Juliet, new PhotoUpdate(PhotoUpdateKind.NoPicture), cancellation);
        return "no picture";
    }

    private static async Task<string> GoneFromWeb(DemoStage stage, CancellationToken cancellation)
    {
        var (status, _, _) = await stage.Fetch(stage.AvatarOf(stage.Juliet, 48), cancellation);
        DemoFailedException.Unless(status == HttpStatusCode.NotFound, $"The web still answers {(int)status}.");
        return "404 Not Found";
    }
}
