using System.CommandLine;
using Likeness.Imaging;
using Likeness.Imaging.Faces;
using Likeness.Libravatar;

namespace Likeness.Cli.Commands;

internal sealed class FacesCommand : TeachingCommand
{
    private const int DefaultSize = 512;
    private const int Columns = 40;

    private static readonly string[] SamplePeople =
    [
        "Juliet Capulet", "Romeo Montague", "Benvolio", "Mercutio", "Tybalt", "Friar Laurence",
        "Rosaline", "Count Paris", "Lady Capulet", "Prince Escalus", "Peter", "Abraham Øster",
    ];

    private readonly Terminal _terminal;
    private readonly Argument<string?> _kind = new("KIND") { Description = "Which face; without it, all are listed.", Arity = ArgumentArity.ZeroOrOne };
    private readonly Argument<string?> _who = new("WHO") { Description = "An e-mail address, an OpenID or a hash.", Arity = ArgumentArity.ZeroOrOne };
    private readonly Option<string?> _output = new("--output", "-o") { Description = "File to write it to; its ending tells the format. Without it, the face is drawn in the terminal.", HelpName = "FILE" };
    private readonly Option<int> _size = new("--size", "-s") { Description = "Edge of the file's picture in pixels.", HelpName = "N", DefaultValueFactory = _ => DefaultSize };
    private readonly Option<string?> _initials = new("--initials") { Description = "Letters for the face of that name.", HelpName = "TEXT" };
    private readonly Option<string?> _sheet = new("--sheet") { Description = "Directory to write contact sheets to: twelve people at 24, 80 and 512 pixels.", HelpName = "DIR" };

    public FacesCommand(Terminal terminal)
        : base("faces", "The pictures drawn for people without a portrait: lists them, draws one, or writes contact sheets.")
    {
        _terminal = terminal;
        _size.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 1 or > RenderRequest.LargestSize)
            {
                result.AddError($"--size is a number from 1 to {RenderRequest.LargestSize}.");
            }
        });
        _output.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string?>() is { } path && FormatOf(path) is null)
            {
                result.AddError("--output ends in .png, .jpg, .gif, .webp or .avif.");
            }
        });
        Validators.Add(result =>
        {
            if (Complaint(result.GetValue(_kind), result.GetValue(_who), result.GetValue(_sheet)) is { } complaint)
            {
                result.AddError(complaint);
            }
        });
        foreach (var argument in new[] { _kind, _who })
        {
            Add(argument);
        }

        foreach (var option in new Option[] { _output, _size, _initials, _sheet })
        {
            Add(option);
        }

        SetAction(Run);
        Examples =
        [
            "likeness faces",
            "likeness faces monsterid juliet@example.org",
            "likeness faces initials juliet@example.org --initials JC -o juliet.png",
            "likeness faces --sheet sheets",
        ];
    }

    private static string? Complaint(string? kind, string? who, string? sheet) => (kind, who) switch
    {
        ({ } unknown, _) when FaceCatalogue.Find(unknown) is null =>
            $"There is no face {unknown}. There are: {string.Join(", ", FaceCatalogue.All.Select(face => face.Name))}.",
        ({ }, null) when sheet is null => "Whose face? Give an address or a hash.",
        (_, { } somebody) when !AddressHash.TryParse(somebody, out _) && !Address.TryParse(somebody, out _) =>
            "WHO is an e-mail address, an OpenID, or a hash of 32 or 64 hex digits.",
        _ => null,
    };

    private async Task Run(ParseResult parsed, CancellationToken cancellationToken)
    {
        var face = parsed.GetValue(_kind) is { } kind ? FaceCatalogue.Find(kind) : null;
        if (parsed.GetValue(_sheet) is { } folder)
        {
            await WriteSheets(folder, face, cancellationToken);
        }
        else if (face is not null)
        {
            await Draw(face, Subject(parsed.GetValue(_who)!, parsed.GetValue(_initials)), parsed.GetValue(_output), parsed.GetValue(_size), cancellationToken);
        }
        else
        {
            await List();
        }
    }

    private async Task List()
    {
        foreach (var face in FaceCatalogue.All)
        {
            await _terminal.Out.WriteLineAsync($"{string.Join(", ", face.Aliases.Prepend(face.Name)),-12}{face.Description}");
        }
    }

    private async Task Draw(IFace face, FaceSubject subject, string? path, int size, CancellationToken cancellationToken)
    {
        await using var renderer = RenderWorkerCommand.Renderer();
        var drawing = face.Draw(subject);
        if (path is null)
        {
            var picture = await renderer.Render(RenderRequest.Face(drawing, DefaultSize), cancellationToken);
            await _terminal.Out.WriteAsync(await AvatarShowCommand.Picture(picture.Bytes, _terminal, Columns, cancellationToken));
            return;
        }

        var drawn = await renderer.Render(RenderRequest.Face(drawing, size, FormatOf(path)), cancellationToken);
        await File.WriteAllBytesAsync(path, drawn.Bytes, cancellationToken);
    }

    private async Task WriteSheets(string folder, IFace? only, CancellationToken cancellationToken)
    {
        await using var renderer = RenderWorkerCommand.Renderer();
        var sheet = new FaceSheet(renderer);
        var people = SamplePeople.Select(Sample).ToList();
        Directory.CreateDirectory(folder);
        foreach (var face in only is null ? FaceCatalogue.All : [only])
        {
            await Write(face.Name, await sheet.Of(face, people, cancellationToken));
        }

        if (only is null)
        {
            await Write("faces", await sheet.Overview(people, cancellationToken));
        }

        async Task Write(string name, byte[] picture)
        {
            var path = Path.Combine(folder, $"{name}.webp");
            await File.WriteAllBytesAsync(path, picture, cancellationToken);
            await _terminal.Out.WriteLineAsync(path);
        }
    }

    private static FaceSubject Sample(string name) =>
        Subject($"{name.Split(' ')[0]}@example.org", FaceSubject.InitialsOf(name));

    private static FaceSubject Subject(string who, string? initials)
    {
        if (AddressHash.TryParse(who, out var hash))
        {
            return new FaceSubject(hash.Text, initials);
        }

        var address = Address.Parse(who);
        return new FaceSubject(address.Hashes[0].Text, initials, address.Text);
    }

    private static ImageFormat? FormatOf(string path) => Path.GetExtension(path).ToLowerInvariant() switch
    {
        ".png" => ImageFormat.Png,
        ".jpg" or ".jpeg" => ImageFormat.Jpeg,
        ".gif" => ImageFormat.Gif,
        ".webp" => ImageFormat.WebP,
        ".avif" => ImageFormat.Avif,
        _ => null,
    };
}
