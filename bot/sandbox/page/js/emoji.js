// Emoji by Slack's names: the common ones. A name we do not know stays as it was written.

const TABLE = `
+1 👍|-1 👎|thumbsup 👍|thumbsdown 👎|100 💯|1234 🔢|a 🅰️|alarm_clock ⏰|anchor ⚓|angry 😠|apple 🍎|arrow_down ⬇️|arrow_forward ▶️|arrow_left ⬅️
arrow_right ➡️|arrow_up ⬆️|arrow_upper_right ↗️|arrow_lower_right ↘️|arrows_counterclockwise 🔄|back 🔙|balloon 🎈|bank 🏦|bar_chart 📊|battery 🔋|beer 🍺|bell 🔔
beetle 🪲|bike 🚲|birthday 🎂|black_circle ⚫|black_small_square ▪️|blue_heart 💙|blush 😊|bomb 💣|book 📖|bookmark 🔖|books 📚|boom 💥|bouquet 💐|bow 🙇|brain 🧠
briefcase 💼|broken_heart 💔|brown_heart 🤎|bug 🐛|building_construction 🏗️|bulb 💡|bust_in_silhouette 👤|busts_in_silhouette 👥|cake 🍰|calendar 📆|calling 📲
card_file_box 🗃️|card_index 📇|card_index_dividers 🗂️|chart_with_downwards_trend 📉|chart_with_upwards_trend 📈|checkered_flag 🏁|cherry_blossom 🌸
clap 👏|classical_building 🏛️|clipboard 📋|clock1 🕐|clock9 🕘|clock3 🕒|closed_book 📕|cloud ☁️|coffee ☕|compass 🧭|computer 💻|confetti_ball 🎊|construction 🚧
credit_card 💳|crescent_moon 🌙|crossed_fingers 🤞|crown 👑|cry 😢|cyclone 🌀|dart 🎯|date 📅|dizzy 💫|dollar 💵|door 🚪|dove_of_peace 🕊️|e-mail 📧|ear 👂|earth_africa 🌍
earth_americas 🌎|egg 🥚|email 📧|envelope ✉️|envelope_with_arrow 📩|euro 💶|exclamation ❗|eyes 👀|face_with_monocle 🧐|factory 🏭|file_cabinet 🗄️|file_folder 📁|fire 🔥
first_place_medal 🥇|flashlight 🔦|floppy_disk 💾|four_leaf_clover 🍀|gear ⚙️|gem 💎|gift 🎁|globe_with_meridians 🌐|green_circle 🟢|green_heart 💚|grey_exclamation ❕|grey_question ❔
grin 😁|grinning 😀|hammer 🔨|hammer_and_wrench 🛠️|handshake 🤝|hatching_chick 🐣|heart ❤️|heart_eyes 😍|heavy_check_mark ✔️|heavy_minus_sign ➖|heavy_multiplication_x ✖️
heavy_plus_sign ➕|herb 🌿|hourglass ⌛|hourglass_flowing_sand ⏳|house 🏠|hugging_face 🤗|inbox_tray 📥|information_source ℹ️|innocent 😇|jigsaw 🧩|joy 😂|key 🔑|label 🏷️
large_blue_circle 🔵|large_green_circle 🟢|large_orange_circle 🟠|large_yellow_circle 🟡|large_orange_diamond 🔶|large_blue_diamond 🔷|laughing 😆|leaves 🍃|link 🔗|lock 🔒|loudspeaker 📢
love_letter 💌|luggage 🧳|mag 🔍|mag_right 🔎|mailbox 📫|mailbox_with_mail 📬|man-shrugging 🤷‍♂️|shrug 🤷|medal 🏅|sports_medal 🏅|mega 📣|memo 📝|mountain ⛰️|moneybag 💰|money_with_wings 💸
moon 🌔|moyai 🗿|muscle 💪|mute 🔇|necktie 👔|nerd_face 🤓|new 🆕|newspaper 📰|no_bell 🔕|no_entry ⛔|no_entry_sign 🚫|notebook 📓|octagonal_sign 🛑|office 🏢|ok 🆗|ok_hand 👌
open_file_folder 📂|open_hands 👐|orange_heart 🧡|outbox_tray 📤|package 📦|page_facing_up 📄|paperclip 📎|partying_face 🥳|peace_symbol ☮️|pencil 📝|pencil2 ✏️|pensive 😔|phone ☎️
telephone_receiver 📞|pin 📌|pushpin 📌|round_pushpin 📍|point_down 👇|point_left 👈|point_right 👉|point_up ☝️|pound 💷|pray 🙏|purple_heart 💜|question ❓|rabbit 🐰|radio_button 🔘
rainbow 🌈|raised_hand ✋|raised_hands 🙌|receipt 🧾|recycle ♻️|red_circle 🔴|relaxed ☺️|relieved 😌|rocket 🚀|rose 🌹|rotating_light 🚨|running 🏃|sad 😢|scales ⚖️|balance_scale ⚖️|scroll 📜
second_place_medal 🥈|seedling 🌱|shield 🛡️|sleeping 😴|slightly_frowning_face 🙁|slightly_smiling_face 🙂|small_blue_diamond 🔹|small_orange_diamond 🔸|smile 😄|smiley 😃|smirk 😏|snowflake ❄️
sob 😭|sparkles ✨|sparkling_heart 💖|speech_balloon 💬|speaker 🔈|spiral_calendar_pad 🗓️|spiral_note_pad 🗒️|star 🌟|star2 🌟|stopwatch ⏱️|sunflower 🌻|sunny ☀️|sunrise 🌅|sweat_smile 😅|tada 🎉
tea 🍵|teacher 🧑‍🏫|telephone ☎️|thermometer 🌡️|thinking_face 🤔|third_place_medal 🥉|thought_balloon 💭|three_button_mouse 🖱️|ticket 🎫|timer_clock ⏲️|toolbox 🧰|trophy 🏆|truck 🚚|tulip 🌷|umbrella ☂️
unlock 🔓|v ✌️|vertical_traffic_light 🚦|warning ⚠️|wastebasket 🗑️|watch ⌚|wave 👋|white_check_mark ✅|white_circle ⚪|white_flower 💮|white_heart 🤍|wink 😉|wrench 🔧|writing_hand ✍️|x ❌|yellow_heart 💛
yen 💴|yum 😋|zap ⚡|zzz 💤|large_green_square 🟩|large_red_square 🟥|large_yellow_square 🟨|large_blue_square 🟦|white_large_square ⬜|black_large_square ⬛|ballot_box_with_check ☑️|repeat 🔁|busstop 🚏`;

const NAMES = new Map(
  TABLE.split(/[|\n]/)
    .filter(Boolean)
    .map((pair) => pair.split(" ")),
);

/** The emoji of this name, or undefined. */
export function emoji(name) {
  return NAMES.get(name.replace(/::skin-tone-\d$/, ""));
}

/** Puts emoji in place of the `:names:` in plain text. */
export function withEmoji(text) {
  return text.replace(/:([a-z0-9_+-]+):/g, (whole, name) => emoji(name) ?? whole);
}
