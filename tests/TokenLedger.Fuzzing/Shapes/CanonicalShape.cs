// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using TokenLedger.Core.Codec;

namespace TokenLedger.Fuzzing.Shapes;

/// <summary>
/// The canonical codec. Nothing in the bytes says where fields begin, but the reader does: given the input up
/// to some field, it complains that so many bytes are missing, and that is the next field.
/// </summary>
internal sealed partial class CanonicalShape : Shape
{
    private const int MaxParts = 512;

    public static CanonicalShape Instance { get; } = new();

    public override Sample Cut(byte[] bytes, Func<byte[], object?> decode)
    {
        var parts = ImmutableArray.CreateBuilder<Part>();
        int end = 0;
        while (end < bytes.Length && parts.Count < MaxParts)
        {
            int next = end + Missing(bytes[..end], decode);
            parts.Add(new Part(end, Math.Min(next, bytes.Length) - end));
            end = next;
        }

        return new Sample(bytes, parts.Count == 0 ? [new Part(0, bytes.Length)] : parts.ToImmutable());
    }

    private static int Missing(byte[] prefix, Func<byte[], object?> decode)
    {
        try
        {
            decode(prefix);
        }
        catch (CanonicalFormatException e)
        {
            Match needed = Needed().Match(e.Message);
            if (needed.Success)
            {
                return Math.Max(1, int.Parse(needed.Groups[1].Value, CultureInfo.InvariantCulture)
                    - int.Parse(needed.Groups[2].Value, CultureInfo.InvariantCulture));
            }
        }

        // A list's count was read and nothing of the list.
        return 1;
    }

    [GeneratedRegex(@"^(\d+) bytes are needed, (\d+) are left")]
    private static partial Regex Needed();
}
