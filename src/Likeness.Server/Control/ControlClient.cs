using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using Likeness.Server.Administration;

namespace Likeness.Server.Control;

/// <summary>Sends operations to the server that runs on a data directory.</summary>
internal static class ControlClient
{
    private const int LargeRequest = 1024 * 1024;
    private static readonly Uri Door = new("http://likeness/");

    /// <summary>The answer of the running server; null when none runs.</summary>
    public static async Task<Answer?> TryRun(string dataDirectory, Operation operation, CancellationToken cancellationToken)
    {
        using var client = await TryConnect(dataDirectory, cancellationToken);
        if (client is null)
        {
            return null;
        }

        using var response = await client.SendAsync(RequestOf(operation), cancellationToken);
        return await ReadAnswer(response, cancellationToken);
    }

    /// <summary>Copies the running server's answer into the stream; false when none runs. An answer that breaks off is an <see cref="HttpRequestException"/> or <see cref="IOException"/>.</summary>
    public static async Task<bool> TryStream(string dataDirectory, StreamedOperation operation, Stream to, CancellationToken cancellationToken)
    {
        using var client = await TryConnect(dataDirectory, cancellationToken);
        if (client is null)
        {
            return false;
        }

        client.Timeout = Timeout.InfiniteTimeSpan;
        using var response = await client.SendAsync(RequestOf(operation), HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        if (response.Content.Headers.ContentType?.MediaType != ControlServer.StreamType)
        {
            await ReadAnswer(response, cancellationToken);
            throw new OperationRefusedException("The running server does not know this operation; it may be of another version.");
        }

        await response.Content.CopyToAsync(to, cancellationToken);
        return true;
    }

    /// <summary>A server answers on this data directory.</summary>
    public static async Task<bool> IsRunning(string dataDirectory, CancellationToken cancellationToken)
    {
        using var client = await TryConnect(dataDirectory, cancellationToken);
        return client is not null;
    }

    private static async Task<Answer?> ReadAnswer(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (response.StatusCode != HttpStatusCode.RequestEntityTooLarge)
        {
            response.EnsureSuccessStatusCode();
        }

        var answer = await response.Content.ReadFromJsonAsync(OperationJson.Default.Answer, cancellationToken);
        return answer is { Refusal: { } refusal } ? throw new OperationRefusedException(refusal) : answer;
    }

    private static async Task<HttpClient?> TryConnect(string dataDirectory, CancellationToken cancellationToken)
    {
        foreach (var path in ControlPath.Candidates(dataDirectory).Where(File.Exists))
        {
            ControlPath.Check(path, dataDirectory);
            if (await Connect(path, cancellationToken) is { } socket)
            {
                return new HttpClient(new SocketsHttpHandler
                {
                    Expect100ContinueTimeout = TimeSpan.FromSeconds(10),
                    ConnectCallback = (_, _) => ValueTask.FromResult<Stream>(new NetworkStream(socket, ownsSocket: true)),
                });
            }
        }

        return null;
    }

    /// <summary>Its length goes ahead, so that a server that takes no such length says so before anything is sent.</summary>
    private static HttpRequestMessage RequestOf(Operation operation)
    {
        var content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(operation, OperationJson.Default.Operation));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return new HttpRequestMessage(HttpMethod.Post, Door) { Content = content, Headers = { ExpectContinue = content.Headers.ContentLength > LargeRequest } };
    }

    private static async Task<Socket?> Connect(string path, CancellationToken cancellationToken)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellationToken);
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
