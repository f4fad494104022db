// SPDX-License-Identifier: Apache-2.0
namespace TokenLedger.Core.Json;

/// <summary>A JSON file does not say what it must: where, what was found, and what is expected.</summary>
public sealed class StrictJsonException : FormatException
{
    /// <summary>Says what is wrong at a place.</summary>
    /// <param name="path">The place, for example $.assets[2].cap.</param>
    /// <param name="found">What stands there.</param>
    /// <param name="expected">What must stand there.</param>
    public StrictJsonException(string path, string found, string expected)
        : base($"{path}: found {found}; expected {expected}.")
    {
        Path = path;
        Found = found;
        Expected = expected;
    }

    /// <summary>The place, $ being the whole file.</summary>
    public string Path { get; }

    /// <summary>What stands there.</summary>
    public string Found { get; }

    /// <summary>What must stand there.</summary>
    public string Expected { get; }
}
