namespace Likeness.Cli.Checks.Names;

/// <summary>Judges a domain's records.</summary>
internal interface INameCheck
{
    IEnumerable<Finding> Judge(ObservedDomain domain);
}
