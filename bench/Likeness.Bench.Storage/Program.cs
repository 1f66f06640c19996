using System.Globalization;
using Likeness.Bench.Storage;

// Usage: Likeness.Bench.Storage [ADDRESSES]
//        Likeness.Bench.Storage archive [MESSAGES]
// How a small and a large SQLite index of addresses compare: look-ups that miss every cache, changes, memory, start-up.
const int Small = 1_000;
const int Rounds = 15;
if (args is ["archive", .. var rest])
{
    return await ArchivePages.Report(rest.Length > 0 ? int.Parse(rest[0], NumberStyles.AllowThousands, CultureInfo.InvariantCulture) : 1_000_000);
}

var large = args.Length > 0 ? int.Parse(args[0], NumberStyles.AllowThousands, CultureInfo.InvariantCulture) : 1_000_000;

var folder = Directory.CreateTempSubdirectory("likeness-bench-");
try
{
    var smallFolder = folder.CreateSubdirectory("small").FullName;
    var largeFolder = folder.CreateSubdirectory("large").FullName;
    await using (var smallIndex = await FilledIndex.Make(smallFolder, Small))
    await using (var largeIndex = await FilledIndex.Make(largeFolder, large))
    {
        var (known, unknown, portrait, address) = (new Ratio(), new Ratio(), new Ratio(), new Ratio());
        for (var round = 0; round < Rounds; round++)
        {
            known.Add(await smallIndex.LookUpKnown(), await largeIndex.LookUpKnown());
            unknown.Add(await smallIndex.LookUpUnknown(), await largeIndex.LookUpUnknown());
            portrait.Add(await smallIndex.ChangePortrait(), await largeIndex.ChangePortrait());
            address.Add(await smallIndex.ChangeAddress(), await largeIndex.ChangeAddress());
        }

        Console.WriteLine($"| microseconds, median of {Rounds} | {Small:N0} addresses | {large:N0} addresses | ratio |");
        Console.WriteLine("|---|---|---|---|");
        Console.WriteLine($"| hash and portrait from the database | {known.Small:F1} | {known.Large:F1} | **{known.OfMedians:F2}** |");
        Console.WriteLine($"| unknown hash | {unknown.Small:F1} | {unknown.Large:F1} | **{unknown.OfMedians:F2}** |");
        Console.WriteLine($"| a portrait changes, durably | {portrait.Small:F0} | {portrait.Large:F0} | **{portrait.OfMedians:F2}** |");
        Console.WriteLine($"| an address is added and removed | {address.Small:F0} | {address.Large:F0} | **{address.OfMedians:F2}** |");
        Console.WriteLine();
        Console.WriteLine($"File: {largeIndex.FileBytes / (double)large:F0} bytes per address.");
        Console.WriteLine($"Memory after every address was asked for once: {await largeIndex.MemoryPerAddress():F0} bytes per address.");
    }

    var (smallStart, largeStart) = (new List<double>(), new List<double>());
    for (var round = 0; round < 3; round++)
    {
        smallStart.Add(await StartUp.Measure(smallFolder));
        largeStart.Add(await StartUp.Measure(largeFolder));
    }

    Console.WriteLine($"Process start to first answer: {Ratio.Median(smallStart):F2} s with {Small:N0} addresses, {Ratio.Median(largeStart):F2} s with {large:N0}.");
}
finally
{
    folder.Delete(recursive: true);
}

return 0;
