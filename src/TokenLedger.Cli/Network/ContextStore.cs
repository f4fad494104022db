// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Cli.Shell;

namespace TokenLedger.Cli.Network;

/// <summary>Saved contexts: files in one folder, and the name of the one in use.</summary>
internal sealed class ContextStore(CliEnvironment environment)
{
    private const string Extension = ".json";

    private string Folder => Path.Combine(environment.ConfigDirectory, "contexts");

    private string CurrentFile => Path.Combine(environment.ConfigDirectory, "current");

    /// <summary>The name of the context in use; null for none.</summary>
    public string? Current =>
        File.Exists(CurrentFile) && File.ReadAllText(CurrentFile).Trim() is { Length: > 0 } name ? name
            : null;

    /// <summary>Names, in order.</summary>
    public IReadOnlyList<string> Names => Directory.Exists(Folder)
        ? [.. Directory.GetFiles(Folder, "*" + Extension)
            .Select(f => Path.GetFileNameWithoutExtension(f))
            .Order(StringComparer.Ordinal)]
        : [];

    /// <summary>The file of a saved context.</summary>
    public string PathOf(string name) => Path.Combine(Folder, Checked(name) + Extension);

    public ContextFile Load(string name) => ContextFile.Load(PathOf(name));

    /// <summary>Makes a saved context the one in use.</summary>
    public void Use(string name)
    {
        if (!File.Exists(PathOf(name)))
        {
            throw new CliException(
                "CONTEXT_UNKNOWN", ExitCode.NotFound, $"There is no context '{name}'.",
                next: "tl context list");
        }

        WriteWhole(CurrentFile, name + "\n");
    }

    /// <summary>Saves a context under its name.</summary>
    public string Save(ContextFile context, bool overwrite)
    {
        string path = PathOf(context.Name);
        if (File.Exists(path) && !overwrite)
        {
            throw new CliException(
                "CONTEXT_EXISTS", ExitCode.Conflict, $"The context '{context.Name}' is there already.", path,
                "Choose another name, or pass --overwrite.");
        }

        WriteWhole(path, context.ToJson());
        return path;
    }

    /// <summary>What --context, TL_CONTEXT or the saved choice names; null for nothing.</summary>
    public ContextFile? Resolve(string? named)
    {
        string? chosen = named
            ?? (environment.Variable("TL_CONTEXT") is { Length: > 0 } variable ? variable : null);
        if (chosen is null)
        {
            return Current is { } current ? Load(current) : null;
        }

        bool isPath = chosen.Contains('/', StringComparison.Ordinal)
            || chosen.EndsWith(Extension, StringComparison.Ordinal);
        return isPath ? ContextFile.Load(environment.FullPath(chosen)) : Load(chosen);
    }

    private static void WriteWhole(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        string unfinished = $"{path}.{Path.GetRandomFileName()}.tmp";
        File.WriteAllText(unfinished, text);
        File.Move(unfinished, path, overwrite: true);
    }

    private static string Checked(string name) =>
        name.Length is > 0 and <= 64 && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.')
            && name[0] != '.'
            ? name
            : throw CliException.Usage(
                $"'{name}' is no name of a context.", next: "Use letters, digits, '-', '_', '.'.");
}
