// SPDX-License-Identifier: Apache-2.0
namespace TokenLedger.Core.Json;

/// <summary>Finds what a misspelt word was meant to be. Pure.</summary>
public static class Nearest
{
    private const int ShortWord = 4;
    private const int Tolerance = 2;

    /// <summary>
    /// The known word within two edits (one, if the word has at most four letters): the nearest, of equals
    /// the first; or null.
    /// </summary>
    public static string? Of(string word, IEnumerable<string> known)
    {
        string? best = null;
        int bestDistance = (word.Length <= ShortWord ? 1 : Tolerance) + 1;
        foreach (string candidate in known)
        {
            int distance = Distance(word, candidate);
            if (distance < bestDistance)
            {
                (best, bestDistance) = (candidate, distance);
            }
        }

        return best;
    }

    /// <summary>
    /// Levenshtein distance, case ignored; words that differ in length by more are not compared.
    /// </summary>
    private static int Distance(string left, string right)
    {
        if (Math.Abs(left.Length - right.Length) > Tolerance)
        {
            return Tolerance + 1;
        }

        int[] previous = [.. Enumerable.Range(0, right.Length + 1)];
        for (int i = 1; i <= left.Length; i++)
        {
            int[] current = new int[right.Length + 1];
            current[0] = i;
            for (int j = 1; j <= right.Length; j++)
            {
                bool same = char.ToLowerInvariant(left[i - 1]) == char.ToLowerInvariant(right[j - 1]);
                int replaced = previous[j - 1] + (same ? 0 : 1);
                current[j] = Math.Min(replaced, Math.Min(previous[j], current[j - 1]) + 1);
            }

            previous = current;
        }

        return previous[right.Length];
    }
}
