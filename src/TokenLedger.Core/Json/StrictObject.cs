// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;

namespace TokenLedger.Core.Json;

/// <summary>
/// One JSON object while it is read. Keys are asked for by name; a key that nobody asked for is refused at
/// the end, with the nearest known key as a suggestion. Not thread-safe.
/// </summary>
public sealed class StrictObject
{
    private readonly List<JsonProperty> _properties;
    private readonly List<string> _known = [];

    internal StrictObject(string path, JsonElement element)
    {
        Path = path;
        _properties = [.. element.EnumerateObject()];
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (JsonProperty property in _properties)
        {
            if (!names.Add(NameOf(property)))
            {
                throw new StrictJsonException(path, $"the key \"{property.Name}\" twice", "every key once");
            }
        }
    }

    /// <summary>The object's place in the file.</summary>
    public string Path { get; }

    /// <summary>
    /// The keys in the order of the file, for objects whose keys are names and not a fixed set.
    /// </summary>
    public IEnumerable<string> Keys => _properties.Select(NameOf);

    /// <summary>The value of a key that must be there.</summary>
    /// <exception cref="StrictJsonException">It is not there.</exception>
    public StrictValue Required(string name)
    {
        if (TryGet(name, out StrictValue value))
        {
            return value;
        }

        // A misspelt key is the likely reason, and the better message.
        string? misspelt = Nearest.Of(
            name, _properties.Select(NameOf).Where(found => !_known.Contains(found)));
        throw misspelt is null
            ? new StrictJsonException(Path, $"no key \"{name}\"", $"\"{name}\", which is required")
            : Unknown(misspelt, name);
    }

    /// <summary>The value of a key that may be absent.</summary>
    public bool TryGet(string name, out StrictValue value)
    {
        _known.Add(name);
        foreach (JsonProperty property in _properties)
        {
            if (NameOf(property) == name)
            {
                value = new StrictValue($"{Path}.{name}", property.Value);
                return true;
            }
        }

        value = default;
        return false;
    }

    /// <summary>
    /// The value of a key that may be absent, read by <paramref name="read"/>; else a default.
    /// </summary>
    public T Optional<T>(string name, T absent, Func<StrictValue, T> read) =>
        TryGet(name, out StrictValue value) ? read(value) : absent;

    internal void RefuseUnknown()
    {
        foreach (JsonProperty property in _properties)
        {
            if (!_known.Contains(property.Name))
            {
                throw Unknown(property.Name, Nearest.Of(property.Name, _known));
            }
        }
    }

    private StrictJsonException Unknown(string found, string? meant) => new(
        Path,
        $"the unknown key \"{found}\"",
        meant is null ? $"one of {string.Join(", ", _known)}" : $"\"{meant}\" (did you mean it?)");

    private string NameOf(JsonProperty property)
    {
        try
        {
            return property.Name;
        }
        catch (InvalidOperationException)
        {
            // An escaped half of a surrogate pair passes the parser, and is no text.
            throw new StrictJsonException(Path, "a key that is not Unicode text", "a key");
        }
    }
}
