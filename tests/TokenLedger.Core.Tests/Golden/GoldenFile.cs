// SPDX-License-Identifier: Apache-2.0
using System.Runtime.CompilerServices;
using System.Text;

namespace TokenLedger.Core.Tests.Golden;

/// <summary>
/// Vectors that pin a format: one "name = hexadecimal" a line. A difference fails; to change a format on
/// purpose, run the tests with TOKENLEDGER_UPDATE_GOLDEN=1 and commit the difference that this leaves in the
/// source folder.
/// </summary>
internal sealed class GoldenFile
{
    private const string UpdateVariable = "TOKENLEDGER_UPDATE_GOLDEN";

    private readonly StringBuilder _lines = new();
    private readonly string _path;

    public GoldenFile(string name, string what, [CallerFilePath] string thisFile = "")
    {
        _path = Path.Combine(Path.GetDirectoryName(thisFile)!, name);
        _lines.Append("# ").Append(what).Append('\n');
        _lines.Append("# Written by GoldenTests; see GoldenFile for how to change it on purpose.\n");
    }

    public void Add(string name, ReadOnlySpan<byte> bytes) =>
        _lines.Append(name).Append(" = ").Append(Convert.ToHexStringLower(bytes)).Append('\n');

    public void Add(string name, Hash256 hash) => Add(name, hash.ToArray());

    public void AssertUnchanged()
    {
        if (Environment.GetEnvironmentVariable(UpdateVariable) == "1")
        {
            File.WriteAllText(_path, _lines.ToString());
            return;
        }

        string[] expected = File.Exists(_path) ? File.ReadAllText(_path).Split('\n') : [];
        string[] actual = _lines.ToString().Split('\n');
        for (int i = 0; i < Math.Max(expected.Length, actual.Length); i++)
        {
            string before = i < expected.Length ? expected[i] : "(nothing)";
            string now = i < actual.Length ? actual[i] : "(nothing)";
            Assert.True(
                before == now,
                $"{Path.GetFileName(_path)}:{i + 1} changed.\nwas {before}\nis  {now}\n"
                + $"If the format is meant to change, set {UpdateVariable}=1 and commit the difference.");
        }
    }
}
