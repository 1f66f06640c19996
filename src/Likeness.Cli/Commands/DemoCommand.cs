using System.CommandLine;
using Likeness.Cli.Demo;
using Likeness.Xmpp.Client.Avatars;
using Spectre.Console;

namespace Likeness.Cli.Commands;

internal sealed class DemoCommand : TeachingCommand
{
    private readonly Terminal _terminal;

    public DemoCommand(Terminal terminal)
        : base("demo", "Shows what Likeness does, with a real server and real clients on this machine. Leaves nothing behind.")
    {
        _terminal = terminal;
        var exit = new Option<bool>("--exit") { Description = "End when the story is over, instead of staying up for trying out." };
        var beside = new Option<string?>("--beside") { Description = "Likeness beside a real chat server that stays as it is: prosody. It asks before it installs one, and says what is missing where nobody can be asked.", HelpName = "SERVER" };
        beside.AcceptOnlyFromAmong("prosody");
        Add(exit);
        Add(beside);
        SetAction((parsed, stop) => parsed.GetValue(beside) is null ? Play(parsed.GetValue(exit), stop) : PlayBeside(stop));
        Examples = ["likeness demo", "likeness demo --exit", "likeness demo --beside prosody"];
    }

    private async Task<int> Play(bool exit, CancellationToken stop)
    {
        await using var stage = new DemoStage();

        // Addresses are to be copied: the terminal wraps them, we do not.
        _terminal.Console.Profile.Width = 1000;
        foreach (var step in DemoStory.Steps)
        {
            if (!await Show(step, stage, stop))
            {
                return ExitCode.Failed;
            }

            if (step.ShowsPicture && _terminal.Console.Profile.Capabilities.Ansi)
            {
                await _terminal.Out.WriteAsync(await AvatarShowCommand.Picture(stage.Picture, _terminal, columns: 32, stop));
            }
        }

        if (!exit)
        {
            await StayUp(stage, stop);
        }

        return ExitCode.Done;
    }

    private async Task<int> PlayBeside(CancellationToken stop)
    {
        if (!await ProsodyPackages.OfSystem.Ensure(_terminal, stop))
        {
            return ExitCode.Failed;
        }

        await using var demo = new BesideDemo();
        foreach (var (title, play) in demo.Steps)
        {
            if (!await Show(title, () => play(stop), stop))
            {
                return ExitCode.Failed;
            }
        }

        return ExitCode.Done;
    }

    private Task<bool> Show(DemoStep step, DemoStage stage, CancellationToken stop) => Show(step.Title, () => step.Play(stage, stop), stop);

    private async Task<bool> Show(string title, Func<Task<string>> play, CancellationToken stop)
    {
        try
        {
            var seen = await play();
            _terminal.Console.MarkupLine($"[green]✓[/] {Markup.Escape(title)}");
            foreach (var line in seen.Split('\n'))
            {
                _terminal.Console.MarkupLine($"  [grey]{Markup.Escape(line)}[/]");
            }

            return true;
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !stop.IsCancellationRequested)
        {
            _terminal.Console.MarkupLine($"[red]✗[/] {Markup.Escape(title)}");
            await _terminal.Error.WriteLineAsync($"likeness: {title}: {exception.Message}");
            return false;
        }
    }

    private async Task StayUp(DemoStage stage, CancellationToken stop)
    {
        await new AvatarPublisher(stage.Juliet.Client).Publish(stage.Picture, cancellationToken: stop);
        await stage.Command(stop, "avatar", "set", stage.Juliet.Account.BareText, await Saved(stage, stop));
        _terminal.Console.WriteLine();
        _terminal.Console.MarkupLine("[bold]The server stays up, and everybody sees Juliet's picture again. Try:[/]");
        _terminal.Console.WriteLine($"  web    {stage.AvatarOf(stage.Juliet, 256)}");
        _terminal.Console.WriteLine($"  page   http://{stage.Addresses.Http[0]}/sign-in, with the same names and password as the chat");
        _terminal.Console.WriteLine($"  chat   {stage.Addresses.Xmpp[0]}, romeo, juliet or tybalt@{DemoStage.Domain}, room {DemoStage.Room}, password {DemoPerson.Password}");
        _terminal.Console.WriteLine($"  shell  likeness avatar show juliet@{DemoStage.Domain} --data {stage.Data}");
        _terminal.Console.WriteLine("Ctrl-C ends it and removes everything.");
        var stopped = new TaskCompletionSource();
        await using var registration = stop.Register(stopped.SetResult);
        await stopped.Task;
    }

    private static async Task<string> Saved(DemoStage stage, CancellationToken cancellationToken)
    {
        var path = Path.Combine(stage.Data, "juliet.png");
        await File.WriteAllBytesAsync(path, stage.Picture, cancellationToken);
        return path;
    }
}
