using System.Net;
using System.Net.Http.Headers;
using Likeness.Libravatar;
using Likeness.Server;
using Likeness.Server.Options;
using Likeness.Xmpp;

namespace Likeness.Cli.Demo;

/// <summary>Where the demo plays: a real server on free loopback ports with its data in a temporary directory.</summary>
internal sealed class DemoStage : IAsyncDisposable
{
    public const string Domain = "localhost";
    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("likeness-demo-");
    private readonly HttpClient _web = new();
    private LikenessHost? _host;

    /// <summary>A room beside the people's domain.</summary>
    public static Jid Room { get; } = Jid.Parse($"garden@rooms.{Domain}");

    /// <summary>Juliet as the others in the room see her.</summary>
    public Jid JulietInRoom { get; } = Room.WithResource("juliet");

    public string Data => _data.FullName;

    public BoundAddresses Addresses => _host!.Addresses;

    public DemoPerson Romeo { get; set; } = null!;

    public DemoPerson Juliet { get; set; } = null!;

    public DemoPerson Tybalt { get; set; } = null!;

    /// <summary>What Juliet publishes.</summary>
    public byte[] Picture { get; set; } = [];

    /// <summary>The id of <see cref="Picture"/>.</summary>
    public PictureId Id => PictureId.Of(Picture);

    public async Task OpenServer(CancellationToken cancellationToken)
    {
        var free = new IPEndPoint(IPAddress.Loopback, 0);
        var options = new LikenessOptions { DataDirectory = Data, Domains = [Domain], Http = [free], Xmpp = [free] };
        _host = await LikenessHost.Start(options, new HostSurroundings(RenderWorkerCommand.OwnCommand()) { PictureCheck = surroundings => new PictureCheck(surroundings) }, cancellationToken);
    }

    /// <summary>Runs the program itself, as an operator would in another window.</summary>
    public async Task<string> Command(CancellationToken cancellationToken, params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = await CommandLine.Run([.. arguments, "--data", Data], new Terminal(TextReader.Null, output, error, Interactive: false), cancellationToken);
        DemoFailedException.Unless(code == ExitCode.Done, error.ToString().Trim());
        return output.ToString().Trim();
    }

    public Uri AvatarOf(DemoPerson person, int size) =>
        new($"http://{Addresses.Http[0]}/avatar/{AddressHash.Sha256(person.Account.BareText)}?s={size}&d=404");

    public async Task<(HttpStatusCode Status, byte[] Body, MediaTypeHeaderValue? Type)> Fetch(Uri address, CancellationToken cancellationToken)
    {
        using var response = await _web.GetAsync(address, cancellationToken);
        return (response.StatusCode, await response.Content.ReadAsByteArrayAsync(cancellationToken), response.Content.Headers.ContentType);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var person in (DemoPerson?[])[Romeo, Juliet, Tybalt])
        {
            if (person is not null)
            {
                await person.DisposeAsync();
            }
        }

        if (_host is not null)
        {
            await _host.DisposeAsync();
        }

        _web.Dispose();
        _data.Delete(recursive: true);
    }
}
