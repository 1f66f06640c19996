using System.Globalization;
using Likeness.Bench.Federation;

var timeOut = 3.0;
if (args is not [] && !(args is ["--timeout", var text] && double.TryParse(text, CultureInfo.InvariantCulture, out timeOut) && timeOut > 0))
{
    await Console.Error.WriteLineAsync("Usage: Likeness.Bench.Federation [--timeout SECONDS]");
    return 2;
}

// A reader's next click.
var pause = TimeSpan.FromSeconds(2);
Console.WriteLine("| way | load | page waits, ms | avatars by their own server | questions to DNS |");
Console.WriteLine("|---|---|---:|---:|---:|");
await Ways.WarmUp();
await Ways.Url(pause);
await Ways.ResolveMany(pause);
await Ways.OneAfterAnother(TimeSpan.FromSeconds(timeOut));
return 0;
