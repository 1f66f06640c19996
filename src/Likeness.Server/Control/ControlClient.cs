using System.Net.Http.Json;
using System.Net.Sockets;
using Likeness.Server.Administration;

namespace Likeness.Server.Control;

/// <summary>Sends operations to the server that runs on a data directory.</summary>
internal static class ControlClient
{
    /// <summary>The answer of the running server; null when none runs.</summary>
    public static async Task<Answer?> TryRun(string dataDirectory, Operation operation, CancellationToken cancellation)
    {
        var path = ControlPath.Of(dataDirectory);
        if (!File.Exists(path) || await Connect(path, cancellation) is not { } socket)
        {
            return null;
        }

        using var handler = new SocketsHttpHandler
        {
            ConnectCallback = (_, _) => ValueTask.FromResult<Stream>(new NetworkStream(socket, ownsSocket: true)),
        };
        using var client = new HttpClient(handler);
        using var response = await client.PostAsJsonAsync("http://likeness/", operation, OperationJson.Default.Operation, cancellation);
        response.EnsureSuccessStatusCode();
        var answer = await response.Content.ReadFromJsonAsync(OperationJson.Default.Answer, cancellation);
        return answer is { Refusal: { } refusal } ? throw new OperationRefusedException(refusal) : answer;
    }

    private static async Task<Socket?> Connect(string path, CancellationToken cancellation)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellation);
            return socket;
        }
        catch (SocketException exception) when (exception.SocketErrorCode is SocketError.AccessDenied)
        {
            socket.Dispose();
            throw new OperationRefusedException($"The server on this data directory belongs to another user ({path}).", exception);
        }
        catch (SocketException)
        {
            // Left behind by a server that was killed.
            socket.Dispose();
            return null;
        }
    }
}
