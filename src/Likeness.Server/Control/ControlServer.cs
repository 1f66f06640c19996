using System.Net.Sockets;
using System.Text.Json;
using Likeness.Server.Administration;
using Likeness.Server.Options;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Likeness.Server.Control;

/// <summary>Runs operations that commands send to the running server; only the owner of the data directory can reach it.</summary>
internal sealed partial class ControlServer : IAsyncDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Media type of an answer that is a file; every other answer is JSON.</summary>
    public const string StreamType = "application/octet-stream";

    private const long MinRequest = 32 * 1024 * 1024;
    private const long BesidePicture = 1024 * 1024;

    private readonly WebApplication _application;
    private readonly string _path;

    private ControlServer(WebApplication application, string path) => (_application, _path) = (application, path);

    /// <summary>The caller holds the lock of the data directory, so a socket that lies there belongs to nobody.</summary>
    /// <param name="largestFile">Bytes of a picture that must fit into a request.</param>
    public static async Task<ControlServer> Start(string dataDirectory, OperationContext context, long largestFile, ILoggerFactory logging, CancellationToken cancellationToken)
    {
        var path = ControlPath.Candidates(dataDirectory) is [var first, ..]
            ? first
            : throw new OperationRefusedException($"The path of {dataDirectory} is too long for a control socket, and so is the temporary directory's.");
        DataDirectory.Create(Path.GetDirectoryName(path)!);
        ControlPath.Check(path, dataDirectory);
        File.Delete(path);

        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddSingleton(logging);
        builder.WebHost.UseKestrelCore().UseSockets(transport => transport.CreateBoundListenSocket = _ => BindPrivately(path));
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = Math.Max(MinRequest, (largestFile * 4 / 3) + BesidePicture);
            kestrel.ListenUnixSocket(path, listen => listen.Protocols = HttpProtocols.Http1);
        });
        var application = builder.Build();
        var log = logging.CreateLogger<ControlServer>();
        application.Run(http => Serve(http, context, log));
        await application.StartAsync(cancellationToken);
        return new ControlServer(application, path);
    }

    public async ValueTask DisposeAsync()
    {
        await _application.StopWithin(WebApplicationEnd.Short);
        await _application.DisposeAsync();
        File.Delete(_path);
    }

    /// <summary>The mode is set before the first connection can be accepted.</summary>
    private static Socket BindPrivately(string path)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(path));
        File.SetUnixFileMode(path, OwnerOnly);
        return socket;
    }

    private static async Task Serve(HttpContext http, OperationContext shared, ILogger log)
    {
        var context = shared with { By = PeerUser.Of(http) };
        var (operation, answer) = await ReadOperation(http);
        if (operation is StreamedOperation streamed)
        {
            http.Response.ContentType = StreamType;
            await streamed.Carry(context, http.Response.Body, http.RequestAborted);
            return;
        }

        answer ??= await Answer(operation!, context, log, http.RequestAborted);
        http.Response.ContentType = "application/json";
        await JsonSerializer.SerializeAsync(http.Response.Body, answer, OperationJson.Default.Answer, http.RequestAborted);
    }

    private static async Task<(Operation? Operation, Answer? Refusal)> ReadOperation(HttpContext http)
    {
        try
        {
            var operation = await JsonSerializer.DeserializeAsync(http.Request.Body, OperationJson.Default.Operation, http.RequestAborted);
            return (operation, operation is null ? new Answer { Refusal = "No operation was sent." } : null);
        }
        catch (Microsoft.AspNetCore.Http.BadHttpRequestException exception) when (exception.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            http.Response.StatusCode = StatusCodes.Status413PayloadTooLarge;
            return (null, new Answer { Refusal = "This is more than the running server takes at once; the setting largest-file says how large a picture may be." });
        }
        catch (Exception exception) when (exception is JsonException or NotSupportedException)
        {
            return (null, new Answer { Refusal = "The running server does not know this operation; it may be of another version." });
        }
    }

    private static async Task<Answer> Answer(Operation operation, OperationContext context, ILogger log, CancellationToken cancellationToken)
    {
        try
        {
            return await operation.Carry(context, cancellationToken);
        }
        catch (OperationRefusedException exception)
        {
            return new Answer { Refusal = exception.Message };
        }
#pragma warning disable CA1031 // A fault of ours: the log has it, and the operator reads a sentence instead of a status code.
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
#pragma warning restore CA1031
        {
            Log.Failed(log, operation.GetType().Name, exception);
            return new Answer { Refusal = "Something went wrong in the running server; its log tells what." };
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "The operation {Operation} failed")]
        public static partial void Failed(ILogger logger, string operation, Exception exception);
    }
}
