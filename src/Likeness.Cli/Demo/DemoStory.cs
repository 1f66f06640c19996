using System.Net;
using Likeness.Imaging;
using Likeness.Xmpp;
using Likeness.Xmpp.Client.Avatars;
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
        new("The web shows it too, small …", (stage, cancellationToken) => Web(stage, 48, cancellationToken)),
        new("… and large", (stage, cancellationToken) => Web(stage, 256, cancellationToken)),
        new("likeness avatar clear: the operator takes it away", Clear),
        new("Romeo is told at once, by notification and by presence", ToldOfClearing),
        new("And the web shows nothing any more", GoneFromWeb),
        new("Juliet shows her picture again and enters a room (XEP-0045)", EnterRoom),
        new("Tybalt, nobody's contact, enters too and sees it there", SeenInRoom),
        new("She shows it to her contacts only: Tybalt sees it no more", HiddenInRoom),
        new("Romeo, her contact, still does", SeenByContact),
    ];

    private static async Task<string> StartServer(DemoStage stage, CancellationToken cancellationToken)
    {
        await stage.OpenServer(cancellationToken);
        return $"web {stage.Addresses.Http[0]}, chat {stage.Addresses.Xmpp[0]}";
    }

    private static async Task<string> AddUsers(DemoStage stage, CancellationToken cancellationToken)
    {
        foreach (var name in (string[])["romeo", "juliet"])
        {
            await stage.Command(cancellationToken, "user", "add", $"{name}@{DemoStage.Domain}", "--password", DemoPerson.Password);
        }

        return (await stage.Command(cancellationToken, "user", "list")).ReplaceLineEndings(", ");
    }

    private static async Task<string> LogIn(DemoStage stage, CancellationToken cancellationToken)
    {
        stage.Romeo = await DemoPerson.Arrive("romeo", stage.Addresses.Xmpp[0], cancellationToken);
        stage.Juliet = await DemoPerson.Arrive("juliet", stage.Addresses.Xmpp[0], cancellationToken);
        await DemoPerson.Befriend(stage.Romeo, stage.Juliet, cancellationToken);
        return $"{stage.Romeo.Client.Address} and {stage.Juliet.Client.Address}";
    }

    private static async Task<string> Publish(DemoStage stage, CancellationToken cancellationToken)
    {
        stage.Picture = await DemoPicture.Png(cancellationToken);
        var id = await new AvatarPublisher(stage.Juliet.Client).Publish(stage.Picture, cancellationToken: cancellationToken);
        DemoFailedException.Unless(id == stage.Id.Hex, $"The picture was published as {id}.");
        return $"{stage.Picture.Length} bytes, id {id}";
    }

    private static async Task<string> Notified(DemoStage stage, CancellationToken cancellationToken)
    {
        var infos = await stage.Romeo.NextNotification(stage.Juliet, cancellationToken);
        DemoFailedException.Unless(infos.Any(info => info.Id == stage.Id.Hex), "The notification names another picture.");
        return $"{infos[0].Type}, {infos[0].Width} × {infos[0].Height}, id {infos[0].Id}";
    }

    private static async Task<string> PresenceHash(DemoStage stage, CancellationToken cancellationToken)
    {
        await stage.Romeo.PresenceWith(stage.Juliet.Client.Address, new PhotoUpdate(PhotoUpdateKind.Picture, stage.Id.Hex), cancellationToken);
        return stage.Id.Hex;
    }

    private static async Task<string> VCard(DemoStage stage, CancellationToken cancellationToken)
    {
        var photo = await stage.Romeo.PhotoOf(stage.Juliet.Account, cancellationToken);
        DemoFailedException.Unless(photo.Bytes is not null && photo.Bytes.AsSpan().SequenceEqual(stage.Picture), "The vCard has another picture.");
        return $"{photo.Type}, {photo.Bytes!.Length} bytes";
    }

    private static async Task<string> Web(DemoStage stage, int size, CancellationToken cancellationToken)
    {
        var address = stage.AvatarOf(stage.Juliet, size);
        var (status, body, type) = await stage.Fetch(address, cancellationToken);
        DemoFailedException.Unless(status == HttpStatusCode.OK, $"The web answers {(int)status}.");
        DemoFailedException.Unless(
            ImageGate.TryIdentify(body, out var header) && header.Width == size && header.Height == size,
            "The web picture has another size.");
        return $"{address}\n{type}, {size} × {size}, {body.Length} bytes";
    }

    private static Task<string> Clear(DemoStage stage, CancellationToken cancellationToken) =>
        stage.Command(cancellationToken, "avatar", "clear", stage.Juliet.Account.BareText);

    private static async Task<string> ToldOfClearing(DemoStage stage, CancellationToken cancellationToken)
    {
        var infos = await stage.Romeo.NextNotification(stage.Juliet, cancellationToken);
        DemoFailedException.Unless(infos.Count == 0, "The notification still names a picture.");
        await stage.Romeo.PresenceWith(stage.Juliet.Client.Address, new PhotoUpdate(PhotoUpdateKind.NoPicture), cancellationToken);
        return "no picture";
    }

    private static async Task<string> GoneFromWeb(DemoStage stage, CancellationToken cancellationToken)
    {
        var (status, _, _) = await stage.Fetch(stage.AvatarOf(stage.Juliet, 48), cancellationToken);
        DemoFailedException.Unless(status == HttpStatusCode.NotFound, $"The web still answers {(int)status}.");
        return "404 Not Found";
    }

    private static async Task<string> EnterRoom(DemoStage stage, CancellationToken cancellationToken)
    {
        await new AvatarPublisher(stage.Juliet.Client).Publish(stage.Picture, cancellationToken: cancellationToken);
        await stage.Juliet.Enter(DemoStage.Room, cancellationToken);
        return DemoStage.Room.Text;
    }

    private static async Task<string> SeenInRoom(DemoStage stage, CancellationToken cancellationToken)
    {
        await stage.Command(cancellationToken, "user", "add", $"tybalt@{DemoStage.Domain}", "--password", DemoPerson.Password);
        stage.Tybalt = await DemoPerson.Arrive("tybalt", stage.Addresses.Xmpp[0], cancellationToken);
        await stage.Tybalt.Enter(DemoStage.Room, cancellationToken);
        await stage.Tybalt.PresenceWith(stage.JulietInRoom, new PhotoUpdate(PhotoUpdateKind.Picture, stage.Id.Hex), cancellationToken);
        var photo = await stage.Tybalt.PhotoOf(stage.JulietInRoom, cancellationToken);
        DemoFailedException.Unless(photo.Bytes is not null && photo.Bytes.AsSpan().SequenceEqual(stage.Picture), "The room shows another picture.");
        return $"{stage.JulietInRoom} shows {stage.Id.Hex}; who she is the room does not tell him";
    }

    private static async Task<string> HiddenInRoom(DemoStage stage, CancellationToken cancellationToken)
    {
        await new AvatarPublisher(stage.Juliet.Client).Publish(stage.Picture, "presence", cancellationToken: cancellationToken);
        await stage.Tybalt.PresenceWith(stage.JulietInRoom, new PhotoUpdate(PhotoUpdateKind.NoPicture), cancellationToken);
        try
        {
            await stage.Tybalt.PhotoOf(stage.JulietInRoom, cancellationToken);
        }
        catch (StanzaErrorException refusal)
        {
            return $"no picture; her vCard: {refusal.Condition.Name}";
        }

        throw new DemoFailedException("The room still shows her vCard.");
    }

    private static async Task<string> SeenByContact(DemoStage stage, CancellationToken cancellationToken)
    {
        var photo = await stage.Romeo.PhotoOf(stage.Juliet.Account, cancellationToken);
        DemoFailedException.Unless(photo.Bytes is not null && photo.Bytes.AsSpan().SequenceEqual(stage.Picture), "Her contact sees another picture.");
        return $"{photo.Type}, {photo.Bytes!.Length} bytes";
    }
}
