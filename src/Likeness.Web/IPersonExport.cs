namespace Likeness.Web;

/// <summary>Writes what sites need of a person, in the form that Libravatar's servers exchange. Whoever carries out the operators' acts implements it.</summary>
public interface IPersonExport
{
    /// <summary>Null: nothing is kept.</summary>
    Task<(string Name, byte[] Bytes)?> Export(Identity person, CancellationToken cancellationToken = default);
}
