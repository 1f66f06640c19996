using System.Diagnostics;
using Likeness.Storage.Tests.Databases;

[assembly: AssemblyFixture(typeof(PostgreSqlServer))]

namespace Likeness.Storage.Tests.Databases;

/// <summary>A real PostgreSQL server in a temporary directory, reached by its socket there; started by the first test that asks.</summary>
public sealed class PostgreSqlServer : IAsyncDisposable
{
    private readonly Lazy<Task<string>> _connection;
    private readonly string _directory = Directory.CreateTempSubdirectory("likeness-pg-").FullName;
    private Process? _server;

    public PostgreSqlServer() => _connection = new Lazy<Task<string>>(Start);

    private string Data => Path.Combine(_directory, "data");

    public Task<string> Connection() => _connection.Value;

    public async ValueTask DisposeAsync()
    {
        if (_server is { HasExited: false })
        {
            await PostgreSqlProgram.Run("pg_ctl", "stop", "-w", "-m", "fast", "-D", Data);
            await _server.WaitForExitAsync();
        }

        _server?.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    private async Task<string> Start()
    {
        // The server's user, who is not this one when the tests run as root, makes its files here.
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(_directory, (UnixFileMode)0x1FF);
        }

        await PostgreSqlProgram.Run("initdb", "-D", Data, "--username=likeness", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync");
        _server = PostgreSqlProgram.Start(
            "postgres", "-D", Data, "-k", _directory, "-c", "listen_addresses=", "-c", "max_connections=300", "-c", "fsync=on", "-c", "deadlock_timeout=50ms");
        await Ready(_server);
        return $"Host={_directory};Username=likeness;Database=postgres";
    }

    private static async Task Ready(Process server)
    {
        var said = new List<string>();
        while (await server.StandardError.ReadLineAsync() is { } line)
        {
            said.Add(line);
            if (line.Contains("ready to accept connections", StringComparison.Ordinal))
            {
                _ = server.StandardError.BaseStream.CopyToAsync(Stream.Null);
                return;
            }
        }

        throw new InvalidOperationException($"PostgreSQL did not start: {string.Join('\n', said)}");
    }
}
