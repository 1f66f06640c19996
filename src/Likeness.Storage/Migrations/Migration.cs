using System.Globalization;

namespace Likeness.Storage.Migrations;

/// <summary>One numbered step of the tables' history, from an embedded <c>NNNN-name.sql</c>.</summary>
internal sealed record Migration(int Number, string Name, string Script)
{
    /// <summary>All of this program's migrations, in order.</summary>
    public static IReadOnlyList<Migration> All { get; } = [.. Embedded().OrderBy(migration => migration.Number)];

    private static IEnumerable<Migration> Embedded()
    {
        var assembly = typeof(Migration).Assembly;
        foreach (var name in assembly.GetManifestResourceNames())
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
            yield return new Migration(int.Parse(name.AsSpan(0, 4), CultureInfo.InvariantCulture), name, reader.ReadToEnd());
        }
    }
}
