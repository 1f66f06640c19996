using System.Globalization;
using Likeness.Storage;
using Likeness.Storage.Tests.Writer;

// Stores portraits until it is killed, and says of each one that it is durable: <data directory> <life>.
await using var stores = await Database.Open(new StorageOptions { DataDirectory = args[0] });
using var output = new StreamWriter(Console.OpenStandardOutput()) { AutoFlush = true };
var acknowledged = TextWriter.Synchronized(output);
var life = int.Parse(args[1], CultureInfo.InvariantCulture);
await Task.WhenAll(Enumerable.Range(0, 8).Select(writer => WriteLoad.Run(stores.Portraits, life, writer, acknowledged)));
