using Likeness.Http;
using Likeness.Imaging;
using Likeness.Server.Blocks;
using Likeness.Server.Control;
using Likeness.Server.Options;
using Likeness.Storage;
using Microsoft.Extensions.Logging.Abstractions;

namespace Likeness.Server.Administration;

/// <summary>Runs operations on a data directory: in the server that has it open, or right here when none has.</summary>
/// <param name="configuration">What environment and file say, strongest first; nothing in it means that any domain is accepted.</param>
public sealed class Administrator(string dataDirectory, params OptionSource[] configuration)
{
    public async Task<Answer> Run(Operation operation, CancellationToken cancellation)
    {
        if (await ControlClient.TryRun(dataDirectory, operation, cancellation) is { } answer)
        {
            return answer;
        }

        var options = OptionReader.Read(new LikenessOptions { DataDirectory = dataDirectory }, configuration);
        try
        {
            await using var stores = await Database.Open(
                new StorageOptions { DataDirectory = dataDirectory, PostgreSql = options.Database },
                TimeProvider.System,
                cancellation);
            await using var renderer = new InProcessRenderer();
            var guard = new PictureGuard(stores.Blocks, renderer);
            await guard.Load(cancellation);
            var book = new PortraitBook(stores.Portraits, options.DomainPolicies(), [], TimeProvider.System, NullLogger<PortraitBook>.Instance, guard);
            var served = configuration.Any(source => source.Values.ContainsKey("domain")) ? options.DomainPolicies() : null;
            var upload = new PortraitUpload(book, new ImageGate(options.Pictures), renderer);
            var workplace = new Workplace(stores, book, new AddressBook(stores.Portraits, []), upload, served)
            {
                DataDirectory = dataDirectory,
                Guard = guard,
            };
            return await operation.Carry(workplace, cancellation);
        }
        catch (StorageException exception)
        {
            throw new OperationRefusedException(exception.Message, exception);
        }
    }
}
