using System.CommandLine;
using System.CommandLine.Invocation;
using Likeness.Imaging;
using Likeness.Libravatar.Exchange;
using Likeness.Server;
using Likeness.Server.Backups;
using Likeness.Server.Options;
using Likeness.Server.Tls;
using Likeness.Storage;

namespace Likeness.Cli;

/// <summary>The program: picks the command and turns whatever happens into an exit code and at most one line of complaint.</summary>
public static class CommandLine
{
    public static async Task<int> Run(IReadOnlyList<string> arguments, Terminal terminal, CancellationToken stop)
    {
        var root = new LikenessCommand(terminal);
        // A name that begins with @ is a name, not a file with further arguments.
        var parsed = root.Parse(arguments, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (parsed.Action is ParseErrorAction)
        {
            await terminal.Error.WriteLineAsync(OneLine(UsageError.Of(parsed)));
            return ExitCode.Usage;
        }

        try
        {
            return await parsed.InvokeAsync(Invocation(terminal), stop);
        }
        catch (OptionsRefusedException exception)
        {
            await terminal.Error.WriteLineAsync(exception.Message);
            return ExitCode.Usage;
        }
        catch (CertificateRefusedException exception)
        {
            await terminal.Error.WriteLineAsync("likeness: " + OneLine(exception.Message));
            return ExitCode.Usage;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return ExitCode.Failed;
        }
        catch (Exception exception) when (IsExpected(exception))
        {
            await terminal.Error.WriteLineAsync("likeness: " + OneLine(exception.Message));
            return ExitCode.Failed;
        }
#pragma warning disable CA1031 // The last resort: an operator is never shown a stack trace.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            await terminal.Error.WriteLineAsync($"likeness: unexpected {exception.GetType().Name}: {OneLine(exception.Message)}");
            return ExitCode.Failed;
        }
    }

    private static InvocationConfiguration Invocation(Terminal terminal) => new()
    {
        Output = terminal.Out,
        Error = terminal.Error,
        EnableDefaultExceptionHandler = false,
        ProcessTerminationTimeout = null,
    };

    private static bool IsExpected(Exception exception) =>
        exception is OperationRefusedException or BackupDamagedException or ExportRefusedException or StorageException or ImageRefusedException
            or RenderUnavailableException or IOException or UnauthorizedAccessException or HttpRequestException;

    private static string OneLine(string text) => string.Join(' ', text.Split((char[])[' ', '\t', '\r', '\n'], StringSplitOptions.RemoveEmptyEntries));
}
